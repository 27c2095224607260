"""Nothing that was finished is lost: the journal, its fingerprint, and its merge."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from examples.measure import journal
from examples.measure.provenance import ROOT

PRINT = {"harness": "2", "packages": {"ray": "2.60.0"}, "code": "abc"}


def entry(*samples, **more):
    return {"unit": "s", "samples": list(samples), "warmups": 1, "description": "d", **more}


def line(number, group, noise=None, **entries):
    return {"pass": number, "group": group, "entries": entries, "noise": noise or {}, "seconds": 2.0, "memo": {}}


def write(path, *lines):
    with journal.opened(path, PRINT) as book:
        for one in lines:
            book.append(one)


def test_goes_on_where_it_was(tmp_path):
    path = tmp_path / "m" / "ray.journal.jsonl"
    write(path, line(1, "a", a=entry(1.0)))
    with journal.opened(path, PRINT) as book:
        assert book.finished(1, "a", []) and book.finished(1, "a", ["a"])
        assert not book.finished(2, "a", []) and not book.finished(1, "b", [])
        book.append(line(2, "a", a=entry(2.0)))
    with journal.opened(path, PRINT) as book:
        assert len(book.lines) == 2 and book.remarks == []


def test_a_selection_is_no_whole_group(tmp_path):
    path = tmp_path / "ray.journal.jsonl"
    write(path, line(1, "payload") | {"selection": ["payload.in.1kB"]})
    with journal.opened(path, PRINT) as book:
        assert book.finished(1, "payload", ["payload.in.1kB"])
        assert not book.finished(1, "payload", ["payload.in.*"]) and not book.finished(1, "payload", [])


@pytest.mark.parametrize("tail", ['{"pass":1,"gro', '{"pass":1}', '{"pass":1,"gro\n'])
def test_a_line_that_was_cut_off_is_dropped_with_a_word(tmp_path, tail):
    path = tmp_path / "ray.journal.jsonl"
    write(path, line(1, "a", a=entry(1.0)))
    whole = path.read_text("utf8")
    path.write_text(whole + tail, "utf8")
    with journal.opened(path, PRINT) as book:
        assert len(book.lines) == 1
        assert "journal.jsonl:3: this line was cut off and is dropped" in book.remarks[0]
    assert path.read_text("utf8") == whole


def test_damage_in_the_middle_is_an_error(tmp_path):
    path = tmp_path / "ray.journal.jsonl"
    write(path, line(1, "a"))
    path.write_text("nonsense\n" + path.read_text("utf8"), "utf8")
    with pytest.raises(
        journal.JournalError, match="journal.jsonl:1: not a line of a journal; --fresh starts a new one"
    ):
        write(path)


def test_other_conditions_are_one_error_that_names_them(tmp_path):
    path = tmp_path / "ray.journal.jsonl"
    write(path, line(1, "a"))
    other = PRINT | {"packages": {"ray": "2.61.0"}, "code": "def"}
    with pytest.raises(journal.JournalError) as error, journal.opened(path, other):
        pass
    text = str(error.value)
    assert "packages ray was 2.60.0, now 2.61.0; commit of examples/ and uv.lock was abc, now def" in text
    assert "--fresh" in text
    with journal.opened(path, other, fresh=True) as book:
        assert book.lines == []
    assert '"ray":"2.60.0"' in path.with_suffix(".jsonl.old").read_text("utf8")


@pytest.mark.skipif(journal.fcntl is None, reason="no locks on this system")
def test_two_runs_do_not_write_one_journal(tmp_path):
    path = tmp_path / "ray.journal.jsonl"
    with journal.opened(path, PRINT), pytest.raises(journal.JournalError, match="another run"):
        write(path)


def test_merge_keeps_passes_apart():
    calm = {"canary": 0.02, "canary_median": 0.005, "readings": 4, "marked": False, "steal": 0.0, "attempts": 1}
    loud = {**calm, "canary": 0.4, "marked": True, "steal": 0.2, "attempts": 3}
    lines = [
        {"pass": 1, "background": {"date": "2026-11-24T00:00:00Z", "loadavg": [0.5]}},
        line(2, "a", loud, a=entry(3.0)),
        line(1, "a", calm, a=entry(1.0, 2.0, parameters={"workers": 2}), b=entry(9.0)),
        line(1, "w", weight={"unit": "", "samples": [2], "warmups": 0, "description": "d"}),
        # What is taken again takes the place of what was there.
        line(1, "a2", calm, b=entry(8.0)),
    ]
    probes, passes = journal.merge(lines)
    assert probes["a"]["samples"] == [1.0, 2.0, 3.0] and probes["a"]["passes"] == [2, 1]
    assert probes["a"]["noise"] == {"canary": 0.4, "marked": True}
    assert probes["b"]["samples"] == [8.0] and "noise" not in probes["weight"]
    assert [one["pass"] for one in passes] == [1, 2]
    assert passes[1]["canary"]["marked"] == 1 and passes[1]["steal_max"] == 0.2 and passes[1]["canary"]["repeats"] == 2
    assert passes[0]["loadavg"] == [0.5] and passes[0]["seconds"] == 6.0


WRITER = """
import sys, time
from pathlib import Path
from fakes import Bench, counted, group, module

folder = Path(sys.argv[1])

def slow(engines):
    probe = counted("b", [])
    probe.take = lambda: time.sleep(600) or 1.0 if (folder / "block").exists() else 1.0
    (folder / "reached").touch()
    return [probe]

def first(engines):
    with (folder / "taken").open("a") as file:
        file.write("a")
    return [counted("a", [])]

bench = Bench(folder)
print(len(bench.run({"one": module(group("a", first), group("b", slow))})))
"""


@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
def test_killed_in_the_middle_it_goes_on_without_taking_a_finished_group_again(tmp_path):
    (tmp_path / "block").touch()
    paths = os.pathsep.join([str(ROOT), str(ROOT / "tests" / "measure")])
    command = [sys.executable, "-c", WRITER, str(tmp_path)]
    environment = os.environ | {"PYTHONPATH": paths}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as child:
        until = time.monotonic() + 60
        while not (tmp_path / "reached").exists() and time.monotonic() < until:
            time.sleep(0.02)
        child.send_signal(signal.SIGKILL)
    # As if it had been killed while it wrote.
    with (tmp_path / "fake.journal.jsonl").open("a") as file:
        file.write('{"pass":1,"group":"b","ent')
    (tmp_path / "block").unlink()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.strip() == "2"
    assert (tmp_path / "taken").read_text() == "a"
    groups = [json.loads(one).get("group") for one in (tmp_path / "fake.journal.jsonl").read_text().splitlines()]
    assert groups == [None, "a", "b"]
