"""tox -e measure: all systems, pass after pass, without tox and without an engine."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from examples.measure.probe import EFFORTS
from tools import measure_all
from tools.measure_all import Estimate, budget, known_seconds
from tools.systems import ROOT, load_subjects

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the stand-in for an interpreter is a script")

#: Stands in for the Python of an environment: notes its arguments and behaves as the run of a system would.
SCRIPT = """\
#!{python}
import json, os, sys, time
from pathlib import Path

here = Path(__file__).parent
arguments = sys.argv[3:]
system, output = arguments[1], Path(arguments[arguments.index("--output") + 1])
number = int(arguments[arguments.index("--pass") + 1])
with (here / "calls").open("a") as file:
    file.write(json.dumps(arguments) + chr(10))
print(f"{{system}}: pass {{number}}/2: task_cost", file=sys.stderr, flush=True)
mode = os.environ.get(f"MODE_{{system}}", "")
if mode == "fail":
    print("Traceback: broken engine", file=sys.stderr)
    sys.exit(1)
if mode == "noprobe":
    print(f"python -m examples.measure run: error: {{system}} has no probe x", file=sys.stderr)
    sys.exit(2)
if mode == "refuse":
    print("python -m examples.measure run: error: begun under other conditions", file=sys.stderr)
    sys.exit(2)
if mode == "hang":
    (here / "hangs").write_text(str(os.getpid()))
    time.sleep(600)
target = output / "here" / f"{{system}}.json"
target.parent.mkdir(parents=True, exist_ok=True)
passes = [{{"pass": one, "seconds": 7.0}} for one in range(1, number + 1)]
target.write_text(json.dumps({{"settings": {{"effort": "quick", "passes": number}}, "background": {{"passes": passes}},
                              "date": "2026-11-24"}}))
print(f"{{system}}: wrote {{target}}")
"""


@pytest.fixture
def stage(tmp_path, monkeypatch):
    """Put the script in the place of every environment, and no book at the end; return the folder of the results."""
    script = tmp_path / "python"
    script.write_text(SCRIPT.format(python=sys.executable), "utf8")
    script.chmod(0o755)
    monkeypatch.setattr(measure_all, "install", lambda python, chosen, screen: dict.fromkeys(chosen, script))
    monkeypatch.setattr(measure_all, "build_book", lambda python, folder, screen: screen.tell(f"book of {folder}") or 0)
    monkeypatch.setattr(measure_all.signal, "signal", lambda number, handler: None)
    return tmp_path


def calls(folder: Path) -> list[list[str]]:
    return [json.loads(line) for line in (folder / "calls").read_text("utf8").splitlines()]


def run(folder: Path, *arguments: str) -> int:
    return measure_all.main(["--output", str(folder / "out"), *arguments])


def test_efforts_are_those_of_the_harness():
    for name, effort in EFFORTS.items():
        assert measure_all.PASSES[name] == effort.passes and measure_all.SHARES[name] == effort.share
    assert measure_all.PASSES.keys() == EFFORTS.keys()


def test_passes_are_the_outer_loop(stage, capsys):
    assert run(stage, "--quick", "--system", "joblib", "--system", "ray", "--probe", "metg", "--note", "a b") == 0
    order = [(call[1], call[call.index("--pass") + 1]) for call in calls(stage)]
    assert [number for _, number in order] == ["1", "1", "2", "2"]
    assert {system for system, _ in order[:2]} == {"joblib", "ray"} == {system for system, _ in order[2:]}
    first = calls(stage)[0]
    assert first[0] == "run" and "--quick" in first and "--budget" in first
    assert first[first.index("--probe") + 1] == "metg" and first[first.index("--note") + 1] == "a b"
    shown = capsys.readouterr().out
    assert "2 systems, 2 passes" in shown and f"book of {stage / 'out' / 'here'}" in shown
    assert "pass 1/2: joblib: starts, less than a minute left" in shown or "min left" in shown
    assert "joblib: pass 1/2: task_cost" in (stage / "out/logs/joblib.log").read_text("utf8")


def test_fresh_only_at_the_first_pass_and_no_budget_for_a_full_run(stage):
    assert run(stage, "--system", "joblib", "--fresh", "--no-book") == 0
    assert ["--fresh" in call for call in calls(stage)] == [True, False, False]
    assert not any("--budget" in call for call in calls(stage))


def journal(folder: Path, *lines: dict[str, object] | str) -> Path:
    """Write a journal of joblib with its first line and *lines*."""
    path = folder / "out/here/joblib.journal.jsonl"
    path.parent.mkdir(parents=True)
    every = [{"journal": 1, "fingerprint": {}}, *lines]
    path.write_text("".join(line if isinstance(line, str) else json.dumps(line) + "\n" for line in every), "utf8")
    return path


CALM = {"pass": 1, "group": "metg.independent", "entries": {}, "noise": {"canary": 0.02, "marked": False}}
NOISY = {"pass": 2, "group": "task_cost.stream", "entries": {}, "noise": {"canary": 0.4, "marked": True}}
WEIGHT = {"pass": 1, "group": "weight", "entries": {}, "noise": {}}


def test_retake_drops_what_is_marked_and_keeps_a_copy(stage, capsys):
    path = journal(stage, WEIGHT, NOISY, CALM)
    before = path.read_text("utf8")
    assert run(stage, "--system", "joblib", "--retake", "--no-book") == 0
    assert [json.loads(line) for line in path.read_text("utf8").splitlines()[1:]] == [WEIGHT, CALM]
    assert path.with_suffix(".jsonl.old").read_text("utf8") == before
    assert "here/joblib: takes one noisy group again" in capsys.readouterr().out
    assert len(calls(stage)) == 3 and not any("--retake" in call for call in calls(stage))


def test_retake_with_nothing_noisy_changes_nothing(stage):
    path = journal(stage, CALM, '{"pass": 1, "gro')  # the run that goes on tells of a line that was cut off
    before = path.read_text("utf8")
    assert measure_all.drop_noisy(path) == []
    assert path.read_text("utf8") == before and not path.with_suffix(".jsonl.old").exists()


def test_retake_refuses_what_it_cannot_read(stage, capsys):
    path = journal(stage, "no line\n", NOISY)
    before = path.read_text("utf8")
    with pytest.raises(SystemExit):
        run(stage, "--system", "joblib", "--retake")
    assert "joblib.journal.jsonl:2: not a line of a journal" in capsys.readouterr().err
    assert path.read_text("utf8") == before


def test_retake_refuses_while_a_run_writes(stage, capsys):
    fcntl = pytest.importorskip("fcntl")
    path = journal(stage, NOISY)
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(SystemExit):
            run(stage, "--system", "joblib", "--retake")
    assert "another run writes this journal" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [(("--retake",), "no journal of joblib"), (("--retake", "--fresh"), "--fresh starts new ones")],
)
def test_retake_needs_a_journal(stage, capsys, arguments, told):
    with pytest.raises(SystemExit):
        run(stage, "--system", "joblib", *arguments)
    assert told in capsys.readouterr().err


def test_quick_run_leaves_out_what_is_not_compared(stage):
    assert run(stage, "--quick", "--no-book") == 0
    quick = {call[1] for call in calls(stage)}
    assert "ray" in quick and "baseline" in quick and "synthetic" not in quick
    assert run(stage, "--no-book") == 0
    left_out = {name for name, subject in load_subjects().items() if not subject.compared}
    assert {call[1] for call in calls(stage)} - quick == left_out > {"synthetic"}


def test_one_that_fails_does_not_stop_the_others(stage, monkeypatch, capsys):
    monkeypatch.setenv("MODE_joblib", "fail")
    assert run(stage, "--quick", "--system", "joblib", "--system", "ray") == 1
    assert [call[1] for call in calls(stage)].count("joblib") == 1  # not tried again in the second pass
    assert [call[1] for call in calls(stage)].count("ray") == 2
    shown = capsys.readouterr().out
    assert "joblib FAILED: exit status 1, see" in shown and "book of" in shown


def test_a_refusal_ends_all_with_its_message(stage, monkeypatch, capsys):
    monkeypatch.setenv("MODE_joblib", "refuse")
    assert run(stage, "--quick", "--system", "joblib") == 2
    assert capsys.readouterr().out.count("begun under other conditions") == 1


def test_a_probe_that_only_some_have(stage, monkeypatch, capsys):
    monkeypatch.setenv("MODE_joblib", "noprobe")
    assert run(stage, "--quick", "--system", "joblib", "--system", "ray", "--probe", "x") == 0
    assert "joblib has no such probe" in capsys.readouterr().out
    with pytest.raises(SystemExit) as stop:
        run(stage, "--quick", "--system", "joblib", "--probe", "x")
    assert stop.value.code == 2 and "no system has a probe x" in capsys.readouterr().err


def test_unknown_system(stage, capsys):
    with pytest.raises(SystemExit) as stop:
        run(stage, "--system", "nosuch")
    assert stop.value.code == 2
    assert "no adapter for system 'nosuch'; there are" in capsys.readouterr().err
    assert not (stage / "calls").exists()


def test_list(stage, capsys):
    assert run(stage, "--list") == 0
    shown = capsys.readouterr().out
    assert "joblib" in shown and "metg" in shown and "not measured yet" in shown
    run(stage, "--quick", "--system", "joblib", "--no-book")
    run(stage, "--list")
    assert "here: quick, 2 passes, 2026-11-24" in capsys.readouterr().out


def test_no_time_left(stage, monkeypatch, capsys):
    monkeypatch.setattr(measure_all, "QUICK_SECONDS", 0.0)
    assert run(stage, "--quick", "--system", "joblib") == 0
    assert not (stage / "calls").exists()
    assert "no time left for pass 1 of joblib" in capsys.readouterr().out


def test_budget_shares_what_is_left():
    assert budget(300, 10, 50) == 100 and budget(300, 20, 40) == 200
    assert budget(300, 10, 0) == 300 and budget(300, 0, 0) == 300 and budget(0.2, 10, 20) == 1.0


def test_estimate():
    estimate = Estimate({"a": 10.0, "b": 20.0}, fallback=50.0)
    assert estimate.left(["a", "b", "c"]) == 80.0
    estimate.add("a", 20.0)  # this machine is half as fast
    assert estimate.of("a") == 20.0 and estimate.of("b") == 40.0 and estimate.of("c") == 100.0
    assert estimate.left(["b"], "a", 5.0) == 55.0 and estimate.left([], "a", 500.0) == 0.0


def test_durations_come_from_earlier_runs(tmp_path):
    passes = [{"pass": 1, "seconds": 100.0}, {"pass": 2, "seconds": 140.0}]
    path = tmp_path / "here" / "fake.json"
    path.parent.mkdir()
    path.write_text(json.dumps({"settings": {"effort": "full"}, "background": {"passes": passes}}), "utf8")
    assert known_seconds(["fake", "nosuch"], "full", tmp_path) == {"fake": 120.0}
    assert known_seconds(["fake"], "quick", tmp_path) == {"fake": pytest.approx(36.0)}
    path.write_text("{", "utf8")
    assert known_seconds(["fake"], "full", tmp_path) == {}


WRAPPER = """
import sys
from pathlib import Path
from tools import measure_all

measure_all.install = lambda python, chosen, screen: dict.fromkeys(chosen, Path(sys.argv[1]) / "python")
sys.exit(measure_all.main(["--system", "joblib", "--quick", "--no-book", "--output", sys.argv[1] + "/out"]))
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_ends_the_run_below(stage, number):
    environment = os.environ | {"MODE_joblib": "hang", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", WRAPPER, str(stage)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as child:
        until = time.monotonic() + 60
        while not (stage / "hangs").exists() and time.monotonic() < until:
            time.sleep(0.02)
        time.sleep(0.2)
        child.send_signal(number)
        shown = child.communicate(timeout=60)[0]
    assert child.returncode == 130 and "the same command goes on from there" in shown
    with pytest.raises(ProcessLookupError):
        os.kill(int((stage / "hangs").read_text()), 0)
