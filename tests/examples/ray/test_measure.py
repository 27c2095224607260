"""The adapter of the measuring harness gives right answers before anybody times it, also on a reader's cluster.

Each part is a program of its own: what Ray leaves in a process (its token, its mode) would be taken over by the next.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import pytest

from examples.ray.measure import Adapter

LOCAL = """
import os, pathlib
from examples.measure.probes import check
from examples.measure.tasks import cell, make_bytes
from examples.ray.measure import VARIANTS

engine = VARIANTS[""]()
os.environ["RAY_ADDRESS"] = "127.0.0.1:1"  # not where a local engine goes
engine.start(2, pathlib.Path.home())
try:
    check(engine)
    for width, steps in (1, 1), (1, 3), (2, 2), (5, 4):
        row = [1] * width
        for _ in range(steps - 1):
            row = [1 + sum(row[max(0, number - 1) : number + 2]) for number in range(width)]
        assert engine.stencil(cell, 1, width, steps) == row, (width, steps)
    for size in 1, 4_096, 3_000_001:
        with engine.shared(b"x" * size) as read:
            assert [read() for _ in range(2)] == [size] * 2, size
    try:
        engine.many(make_bytes, [1, "one", 2])
    except TypeError:
        pass
    else:
        raise AssertionError("no exception")
    assert [len(answer) for answer in engine.many(make_bytes, [1, 2, 3])] == [1, 2, 3]
    folder = engine.folder
finally:
    engine.stop()
assert not os.path.exists(folder)
print("right")
"""

CONNECT = """
import pathlib, sys
from examples.measure.probes import check
from examples.measure.tasks import cell
from examples.ray.measure import VARIANTS

address = sys.argv[1]
for _ in range(2):  # the second finds it as the first did
    engine = VARIANTS[""]()
    try:
        assert engine.connect(address, pathlib.Path.home()) == 2
        check(engine)
        assert engine.stencil(cell, 1, 3, 2) == [3, 4, 3]
    except ConnectionError as error:
        print(error)
    else:
        print("right")
    finally:
        engine.stop()
"""


def test_answers_of_a_local_engine_are_right(home):
    assert run(LOCAL).stdout == "right\n"


def test_connects_and_leaves_the_cluster_running(head):
    assert run(CONNECT, head).stdout == "right\nright\n"


@pytest.mark.parametrize("address", ["127.0.0.1:1", "ray://127.0.0.1:1", "nonsense", "local", "127.0.0.1:port"])
def test_no_cluster_is_one_clear_error(home, address):
    with pytest.raises(ConnectionError, match=f"ray: no cluster answers at '{address}': "):
        Adapter().connect(address, home)


@pytest.fixture
def head(home):
    """The address of a head on the loopback interface, in processes of its own.

    ``ray stop`` is not used: it ends every Ray of this machine.
    """
    folder = Path(tempfile.mkdtemp(prefix="ray-", dir="/tmp"))  # the paths of its sockets may have 107 bytes
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = "127.0.0.1:{1}".format(*free.getsockname())
    command = [Path(sys.executable).with_name("ray"), "start", "--head", "--block", "--node-ip-address=127.0.0.1"]
    command += [f"--port={address.rpartition(':')[2]}", "--num-cpus=2", f"--temp-dir={folder}"]
    command += ["--include-dashboard=false", "--disable-usage-stats"]
    with (folder / "output").open("w+b") as output:
        child = psutil.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        try:
            wait_for(lambda: b"Ray runtime started" in (folder / "output").read_bytes(), child)
            yield address
        finally:
            family = [child, *child.children(recursive=True)]
            child.terminate()
            _, alive = psutil.wait_procs(family, timeout=10)
            for process in alive:
                process.kill()
            shutil.rmtree(folder, ignore_errors=True)


def wait_for(ready, child: psutil.Popen) -> None:
    deadline = time.monotonic() + 60
    while not ready():
        assert child.poll() is None, "the head ended"
        assert time.monotonic() < deadline, "the head did not start"
        time.sleep(0.05)


def run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", program, *arguments]
    done = subprocess.run(command, env=os.environ, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done
