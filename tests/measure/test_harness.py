"""The harness over an adapter whose cost is known, and its bad input."""

import json
import time
from pathlib import Path

import pytest

from examples.measure import __main__ as harness
from examples.measure import provenance, weight
from examples.measure.adapter import variants

COST = 0.002


class Slow:
    """A serial engine that adds a known cost to each task."""

    system = "slow"
    packages = ("psutil",)
    import_name = "psutil"

    def start(self, workers: int, home: Path) -> None:
        self.workers = workers

    def stop(self) -> None:
        self.workers = 0

    def one(self, function, *arguments):
        time.sleep(COST)
        return function(*arguments)

    def many(self, function, arguments):
        return [self.one(function, argument) for argument in arguments]

    def extra(self):
        return {"own.probe": ("s", lambda: 1.5)}


class Wrong(Slow):
    def one(self, function, *arguments):
        return None


@pytest.fixture
def no_cold_starts(monkeypatch):
    monkeypatch.setattr(harness, "_startup", lambda *arguments: {})


def test_recovers_an_injected_cost(no_cold_starts):
    results = harness.measure("slow", {"": Slow, "again": Slow}, workers=1, scale=0.02)
    for name in ("task_cost.roundtrip", "task_cost.stream", "again.task_cost.stream"):
        samples = results[name]["samples"]
        assert min(samples) >= COST, name  # the engine cannot be faster than its cost; slower depends on the machine
    assert results["own.probe"]["samples"] == [1.5] * len(results["own.probe"]["samples"])
    assert results["payload.in.1MB"]["parameters"] == {"bytes": 1_000_000}
    assert "again.memory.worker" not in results and "memory.worker" in results


def test_a_wrong_answer_stops_before_anything_is_timed(no_cold_starts):
    with pytest.raises(RuntimeError, match="slow: a single task gave a wrong answer"):
        harness.measure("slow", {"": Wrong}, workers=1, scale=0.02)


def test_unknown_system_is_one_clear_error(capsys):
    with pytest.raises(SystemExit) as stop:
        harness.main(["nosuch"])
    assert stop.value.code == 2
    assert "no adapter for system 'nosuch': examples.nosuch.measure does not exist" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [["joblib", "--scale", "0"], ["joblib", "--scale", "2"], ["joblib", "--workers", "0"]]
)
def test_bad_options(arguments, capsys):
    with pytest.raises(SystemExit):
        harness.main(arguments)
    assert "--workers must be at least 1 and --scale in (0, 1]" in capsys.readouterr().err


def test_unknown_module_inside_an_adapter_is_not_hidden(monkeypatch):
    def broken(name):
        raise ModuleNotFoundError("No module named 'engine'", name="engine")

    monkeypatch.setattr("examples.measure.adapter.importlib.import_module", broken)
    with pytest.raises(ModuleNotFoundError, match="engine"):
        variants("joblib")


def test_write_is_atomic_and_keeps_samples_on_a_line(tmp_path):
    target = tmp_path / "m" / "slow.json"
    result = {"probes": {"a": {"samples": [0.1, 2e-05, 3]}}}
    harness.write(target, result)
    assert json.loads(target.read_text("utf8")) == result
    assert "[0.1, 2e-05, 3]" in target.read_text("utf8")
    assert list(target.parent.iterdir()) == [target]


def test_provenance_names_the_machine():
    machine = provenance.machine("here", "a note")
    assert machine["cores"] >= 1 and machine["memory_bytes"] > 0 and machine["cpu"]
    assert provenance.interpreter()["gil"] in (True, False)
    assert provenance.packages(("psutil",))["psutil"]


def test_weight_counts_a_closure():
    assert weight.closure(("psutil",)) == {"psutil"}
    assert {"pytest", "pluggy", "packaging"} <= weight.closure(("pytest",))
    assert weight.installed_bytes({"psutil"}) > 100_000
