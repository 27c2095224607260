"""The commands that the chapter shows for several hosts, run on the loopback interface as they stand there."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys

from examples.celery.start_cluster import RUNNING, locate
from tools.systems import ROOT

PAGE = ROOT / "book" / "distributed-computing-frameworks" / "celery.md"
FENCES = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)

#: A client that finds the cluster by its environment, as any program on a further host would.
CLIENT = """\
import time
from examples.celery.connect_app import app
from examples.celery.summarise_batches import summarise_all
from examples.workload.answers import SUMMARIES
from examples.workload.inspection import make_batches

deadline = time.monotonic() + 60
names = set()
while len(names) < 2:
    assert time.monotonic() < deadline, names
    try:
        names = {name for reply in app.control.ping(timeout=1) for name in reply}
    except OSError:
        time.sleep(0.1)
assert summarise_all(make_batches(8)) == SUMMARIES
print(*sorted(names))
"""


def commands(label: str) -> list[str]:
    """Return the commands of the console fences of the section *label*, without prompts and continuations."""
    section = PAGE.read_text("utf8").split(f"({label})=\n")[1]
    section = re.split(r"^\(celery-[a-z-]+\)=$", section, flags=re.MULTILINE)[0]
    text = "".join(FENCES.findall(section)).replace("\\\n", " ")
    return [line.removeprefix("$ ") for line in text.splitlines()]


def test_broker_and_workers_of_the_chapter_start_as_typed(home, monkeypatch):
    for command in commands("celery-scalability-cluster"):
        words = [os.path.expandvars(word) for word in shlex.split(command.replace("6379", os.environ["REDIS_PORT"]))]
        if words[0] == "export":
            name, _, value = words[1].partition("=")
            monkeypatch.setenv(name, value)
            continue
        program = [*locate(words[0]), *(word.replace("%h", "localhost") for word in words[1:])]
        with open(f"{len(RUNNING)}.log", "wb") as log:
            RUNNING.append(subprocess.Popen(program, stdout=log, stderr=log))
    assert len(RUNNING) == 3
    client = subprocess.run([sys.executable, "-c", CLIENT], text=True, capture_output=True, timeout=120)
    assert client.stdout.split() == ["one@localhost", "two@localhost"], client.stderr
