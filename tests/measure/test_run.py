"""One pass: which engines are started, how samples are taken, what noise does, what a selection takes."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import time

import psutil
import pytest
from fakes import Bench, Fake, counted, group, module

from examples.measure import noise
from examples.measure.probe import EFFORTS, named
from examples.measure.run import EngineError, Engines, chosen_patterns, interleave, matches, nothing_left


def test_samples_are_taken_in_turn_after_the_warmups():
    calls: list[str] = []
    entries = interleave([counted("a", calls), counted("b", calls, count=2)], noise.Watch(lambda: 0.005, lambda: 0.0))
    assert calls[:2] == ["a", "b"]
    rounds = [set(calls[2:4]), set(calls[4:6]), set(calls[6:])]
    assert rounds == [{"a", "b"}, {"a", "b"}, {"a"}]
    assert [len(entry["samples"]) for entry in entries.values()] == [3, 2]
    assert entries["a"]["warmups"] == 1


def test_engines_are_kept_between_groups_with_the_same_workers(tmp_path):
    bench = Bench(tmp_path)
    lines = bench.run({"one": module(group("a"), group("b"), group("c", workers=1), group("d", workers=None))})
    assert [line["group"] for line in lines] == ["a", "b", "c", "d"]
    assert Fake.log == ["start 2", "stop", "start 1", "stop"]
    assert len(bench.checked) == 2  # each engine that was started has answered before


def test_a_group_alone_gets_a_fresh_engine_a_variant(tmp_path):
    bench = Bench(tmp_path, {"": Fake, "other": Fake})
    lines = bench.run({"one": module(group("a"), group("b", alone=True))})
    assert set(lines[1]["entries"]) == {"b", "other.b"}
    assert Fake.log == ["start 2", "start 2", "stop", "stop", *["start 2", "stop"] * 2]


def test_variants_of_a_group(tmp_path):
    lines = Bench(tmp_path, {"": Fake, "other": Fake}).run({"one": module(group("a", variants=("other",)))})
    assert set(lines[0]["entries"]) == {"other.a"}


def test_a_wrong_answer_stops_before_anything_is_timed(tmp_path):
    bench = Bench(tmp_path)

    def wrong(adapter):
        raise RuntimeError("fake: a single task gave a wrong answer")

    calls: list[str] = []
    bench.checked = type("Check", (), {"append": staticmethod(wrong)})
    with pytest.raises(EngineError, match="fake: a single task gave a wrong answer"):
        bench.run({"one": module(group("a", calls=calls))})
    assert calls == [] and Fake.log == ["start 2", "stop"]


def test_an_engine_that_fails_to_start_is_stopped(tmp_path):
    class Broken(Fake):
        def start(self, workers, home):
            super().start(workers, home)
            raise OSError("no port")

    bench = Bench(tmp_path, {"": Broken})
    lines = bench.run({"one": module(group("a"))})
    assert lines == [] and bench.last.failed == ["a"]
    assert Fake.log == ["start 2", "stop"]


def test_every_engine_is_stopped_when_one_of_them_fails_to(tmp_path):
    class Stubborn(Fake):
        def stop(self):
            super().stop()
            raise OSError("busy")

    bench = Bench(tmp_path, {"": Fake, "x": Stubborn, "y": Fake})
    engines = Engines(bench.plan, lambda adapter: None, lambda what: None)
    engines.get(("", "x", "y"), 2)
    with pytest.raises(OSError, match="busy"):
        engines.stop()
    assert Fake.log.count("stop") == 3


def test_a_group_that_fails_is_left_out_and_told(tmp_path, capsys):
    def build(engines):
        raise ZeroDivisionError("of this group")

    bench = Bench(tmp_path)
    lines = bench.run({"one": module(group("a", build), group("b"))})
    assert [line["group"] for line in lines] == ["b"]
    assert bench.last.failed == ["a"]
    assert any("a FAILED: ZeroDivisionError: of this group" in what for what in bench.said)


def test_interrupt_stops_the_engines(tmp_path):
    def build(engines):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Bench(tmp_path).run({"one": module(group("a", build))})
    assert Fake.log == ["start 2", "stop"]


def test_a_noisy_group_is_taken_again_and_the_calmest_is_kept(tmp_path):
    readings = itertools.chain([0.005] * 5 + [0.05] * 5, itertools.repeat(0.005))
    lines = Bench(tmp_path).run({"one": module(group("a"))}, canary=lambda: next(readings))
    noise = lines[0]["noise"]
    assert noise["attempts"] == 2 and noise["canary"] == 0 and noise["marked"] is False
    assert len(lines[0]["entries"]["a"]["samples"]) == 3


def test_a_moment_of_disturbance_does_not_count(tmp_path):
    readings = itertools.cycle([0.005, 0.05, 0.005, 0.05, 0.005])
    lines = Bench(tmp_path).run({"one": module(group("a"))}, canary=lambda: next(readings))
    assert lines[0]["noise"]["attempts"] == 1 and lines[0]["noise"]["canary"] == 0


def test_a_group_that_stays_noisy_is_marked(tmp_path):
    readings = itertools.cycle([0.005] * 5 + [0.05] * 5)
    bench = Bench(tmp_path)
    lines = bench.run({"one": module(group("a"))}, canary=lambda: next(readings))
    assert lines[0]["noise"]["attempts"] == 3 and lines[0]["noise"]["marked"] is True
    assert sum("once more" in what for what in bench.said) == 2


def test_a_group_beside_which_others_worked_is_marked(tmp_path):
    others = itertools.count(0.0, 1_000.0)
    lines = Bench(tmp_path).run({"one": module(group("a"))}, canary=lambda: 0.005, others=lambda: next(others))
    assert lines[0]["noise"]["foreign"] > 1 and lines[0]["noise"]["marked"] is True


def watch(readings, patience: float = 1.0) -> noise.Watch:
    """Return a patient watch whose looks come from *readings*, the fastest of which was 5 ms before."""
    looks = iter(readings)
    found = noise.Watch(lambda: next(looks), lambda: 0.0, floor=0.005, patience=patience)
    return found


def test_samples_beside_a_disturbance_are_dropped_and_taken_again(monkeypatch):
    monkeypatch.setattr(noise, "CANARY_LOOPS", 1)
    monkeypatch.setattr(noise, "CANARY_PERIOD", 0.0)  # a look after every round
    monkeypatch.setattr(noise, "NAP", 0.0)
    calls: list[str] = []
    # Calm; slow after the first round, which is dropped; slow while waiting; calm from then on.
    eyes = watch([0.005, 0.05, 0.05, *[0.005] * 9])
    entries = interleave([counted("a", calls)], eyes)
    assert len(entries["a"]["samples"]) == 3 and len(calls) == 1 + 4
    report = eyes.report()
    assert report["dropped"] == 1 and report["canary"] == 0 and eyes.lost > 0  # the report rounds to milliseconds


def test_a_machine_slow_from_the_start_is_waited_for_within_limits(monkeypatch):
    monkeypatch.setattr(noise, "CANARY_LOOPS", 1)
    monkeypatch.setattr(noise, "NAP", 0.0)
    monkeypatch.setattr(noise, "LEAST_PATIENCE", 0.05)
    calls: list[str] = []
    eyes = watch(itertools.repeat(0.05), patience=1e-9)  # no more than the least, however long the rest takes
    entries = interleave([counted("a", calls)], eyes)
    assert len(entries["a"]["samples"]) == 3 and not eyes.patient
    assert eyes.report()["lost"] >= 0.05


def test_without_patience_every_sample_stays(monkeypatch):
    monkeypatch.setattr(noise, "CANARY_PERIOD", 0.0)
    calls: list[str] = []
    eyes = watch(itertools.cycle([0.005] * 5 + [0.05] * 5), patience=0.0)
    interleave([counted("a", calls)], eyes)
    assert len(calls) == 1 + 3 and eyes.dropped == 0


def test_the_canary_looks_at_every_core():
    assert noise.sing_on_cores() > 0
    assert noise.sing_on_cores() < 100 * noise.sing()  # seconds of one loop, not their sum or an idle wait


def test_where_time_is_short_a_noisy_group_is_not_taken_again(tmp_path, monkeypatch):
    monkeypatch.setattr("examples.measure.run.REPEAT_SHARE", 0.0)
    readings = itertools.cycle([0.005] * 5 + [0.05] * 5)
    bench = Bench(tmp_path)
    lines = bench.run({"one": module(group("a"))}, canary=lambda: next(readings), deadline=time.monotonic() + 600)
    assert lines[0]["noise"]["attempts"] == 1 and lines[0]["noise"]["marked"] is True


def test_counts_and_bytes_have_no_noise(tmp_path):
    build = lambda engines: [counted("a", [], unit="B")]  # noqa: E731
    readings = itertools.cycle([0.005] * 5 + [0.05] * 5)
    lines = Bench(tmp_path).run({"one": module(group("a", build))}, canary=lambda: next(readings))
    assert lines[0]["noise"] == {}


def test_the_canary_limit_comes_from_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("PPM_CANARY_LIMIT", "50")
    readings = itertools.cycle([0.005] * 5 + [0.05] * 5)
    lines = Bench(tmp_path).run({"one": module(group("a"))}, canary=lambda: next(readings))
    assert lines[0]["noise"]["attempts"] == 1


def test_no_group_begins_after_the_deadline(tmp_path):
    bench = Bench(tmp_path)
    assert bench.run({"one": module(group("a"))}, deadline=0.0) == []
    assert bench.last.skipped == ["a"] and Fake.log == []


def test_finished_groups_are_not_taken_again_and_the_memo_goes_on(tmp_path):
    calls: list[str] = []

    def build(engines):
        bench.plan.memo["size"] = 7
        return [counted("a", calls)]

    bench = Bench(tmp_path)
    bench.run({"one": module(group("a", build))})
    taken = len(calls)
    again = Bench(tmp_path)
    lines = again.run({"one": module(group("a", build))})
    assert len(calls) == taken and len(lines) == 1
    assert again.plan.memo == {"size": 7, "canary_floor": 0.005}
    again.run({"one": module(group("a", build))}, number=2)
    assert len(calls) == 2 * taken


def test_selection_by_module_and_by_pattern(tmp_path):
    def sizes(engines):
        return [counted(named(variant, f"payload.in.{size}"), []) for variant in engines for size in ("1kB", "1MB")]

    modules = {
        "metg": module(group("metg.independent")),
        "payload": module(group("payload", sizes)),
        "extra": module(group("extra", lambda engines: [counted("scatter.100MB", [])])),
    }
    bench = Bench(tmp_path, {"": Fake, "threads": Fake})
    lines = bench.run(modules, selection=["metg", "payload.in.1k*", "scatter.100MB"])
    names = [name for line in lines for name in line["entries"]]
    assert set(names) == {
        "metg.independent",
        "threads.metg.independent",
        "payload.in.1kB",
        "threads.payload.in.1kB",
        "scatter.100MB",
    }
    assert bench.last.matched == {"metg", "payload.in.1k*", "scatter.100MB"}
    # Without a selection, what was taken in part is taken as a whole, and what is whole is kept.
    again = Bench(tmp_path, bench.kinds)
    assert "metg.independent" not in [line["group"] for line in again.run(modules)[len(lines) :]]


def test_a_name_is_looked_for_until_it_is_found(tmp_path):
    built: list[str] = []

    def build(name):
        return lambda engines: built.append(name) or [counted(name, [])]

    modules = {
        "task_cost": module(group("task_cost.a", build("task_cost.a")), group("task_cost.b", build("task_cost.b"))),
        "extra": module(group("extra", build("task_cost.own"))),
    }
    Bench(tmp_path).run(modules, selection=["task_cost.a"])
    assert built == ["task_cost.a", "task_cost.b"]
    for _ in range(2):  # the journal remembers that it was looked for, and does not take that for a find
        bench = Bench(tmp_path)
        bench.run(modules, selection=["task_cost.nosuch"])
        assert bench.last.matched == set()
    bench = Bench(tmp_path)
    bench.run(modules, selection=["task_cost.a"])
    assert bench.last.matched == {"task_cost.a"} and built.count("task_cost.a") == 2


def test_patterns():
    modules, variants = {"payload", "jobs", "mixed", "extra", "metg"}, ("", "threads")
    assert chosen_patterns(["metg"], "metg", modules, variants) == ["metg"]
    assert chosen_patterns(["job.a", "shared_job.*"], "jobs", modules, variants) == ["job.a"]
    assert chosen_patterns(["job.a", "shared_job.*"], "mixed", modules, variants) == ["shared_job.*"]
    assert chosen_patterns(["threads.payload.in.*"], "payload", modules, variants) == ["threads.payload.in.*"]
    assert chosen_patterns(["own.probe"], "payload", modules, variants) == []
    assert chosen_patterns(["own.probe"], "extra", modules, variants) == ["own.probe"]
    assert matches("threads.payload.in.1kB", "payload.in.*", variants)
    assert not matches("payload.in.1kB", "threads.payload.in.*", variants)


class Reachable(Fake):
    address_option, address_variable = "--fake-address", "FAKE_ADDRESS"

    def connect(self, address, home):
        self.log.append(f"connect {address}")
        return 3


def test_a_cluster_is_connected_to_and_what_makes_no_sense_is_skipped(tmp_path):
    bench = Bench(tmp_path, {"": Reachable}, address="tcp://there")
    modules = {
        "task_cost": module(group("a", workers=None), group("b", alone=True), group("c", workers=4)),
        "memory": module(group("memory")),
    }
    bench.plan.workers = 3
    lines = bench.run(modules)
    assert [line["group"] for line in lines] == ["a"]
    assert [what for what in bench.said if "skipped" in what] == [
        "skipped b: it needs an engine on which nothing ran before",
        "skipped c: the number of workers is the cluster's own",
        "skipped memory: the workers' processes are on other machines",
    ]


def test_what_is_left_behind_is_ended():
    said: list[str] = []
    with nothing_left(said.append, grace=0.1):
        left = psutil.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    assert not left.is_running() and "left behind" in said[0]


def test_crosschecks_belong_to_the_first_pass_of_the_full_effort(tmp_path):
    modules = {"crosscheck": module(group("crosscheck.a", workers=None))}
    assert Bench(tmp_path / "quick").run(modules) == []
    assert len(Bench(tmp_path / "asked").run(modules, selection=["crosscheck"])) == 1
    bench = Bench(tmp_path / "full")
    bench.plan.effort = EFFORTS["full"]
    assert [line["pass"] for line in bench.run(modules, 1) + bench.run(modules, 2)] == [1, 1]


def test_processes_that_nobody_waited_for_are_not_foreign():
    busy = "import time\nwhile time.process_time() < 0.5: pass"
    careless = (
        "import signal, subprocess, sys, time\n"
        "signal.signal(signal.SIGCHLD, signal.SIG_IGN)\n"
        f"subprocess.run([sys.executable, '-c', {busy!r}])\n"
    )
    before = noise.others_seconds(), sum(psutil.cpu_times()[:3])
    subprocess.run([sys.executable, "-c", careless], check=True)
    others, machine = noise.others_seconds() - before[0], sum(psutil.cpu_times()[:3]) - before[1]
    assert machine >= 0.45 and others <= machine - 0.4


def test_processes_of_others_are_foreign(tmp_path):
    busy = "import os, sys, time\nwhile time.process_time() < 0.3: pass\nopen(sys.argv[1], 'w').close()\ntime.sleep(30)"
    before = noise.others_seconds()
    # The shell ends at once, so the process has another parent than this one.
    command = '"$0" -c "$1" "$2" & echo $!'
    arguments = ["sh", "-c", command, sys.executable, busy, str(tmp_path / "done")]
    shell = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)
    with shell:
        pid = int(shell.stdout.readline())
        try:
            while not (tmp_path / "done").exists():
                time.sleep(0.01)
            assert noise.others_seconds() - before >= 0.25
        finally:
            os.kill(pid, signal.SIGKILL)
