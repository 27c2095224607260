"""Derived quantities of a whole result file: names, purity, parts, nonsense."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from examples.measure.analysis import FOLLOWERS, SOURCES, Derived, derive, summary
from examples.measure.analysis import bootstrap as resampling
from examples.measure.analysis.quantity import points, split, written

ROOT = Path(__file__).parents[2]


def entry(samples, unit="s", passes=None, **parameters):
    found = {"unit": unit, "samples": samples, "parameters": parameters}
    return found | ({"passes": passes} if passes else {})


def pair(ours, theirs, **parameters):
    return {
        "crosscheck.task_cost.ours": entry(ours),
        "crosscheck.task_cost.theirs": entry(theirs, tool="pyperf timeit", **parameters),
    }


def whole_file():
    """A small file with something of every kind."""
    probes = {
        "task_cost.roundtrip": entry([1e-4, 1.1e-4, 0.9e-4, 1e-4], passes=[2, 2], injected={"task_cost": 1e-4}),
        "threads.task_cost.roundtrip": entry([1e-5]),
        "weight.packages": entry([3], unit=""),
        "payload.in.1kB": entry([1e-4] * 3, bytes=1000),
        "payload.in.100MB": entry([0.1] * 3, bytes=10**8),
        "metg.independent.1us": entry([0.01] * 3, tasks=100, workers=2, grain=1e-6),
    }
    for workers in (1, 2, 4, 8):
        probes[f"scaling.wait.strong.{workers}"] = entry([1 / workers] * 3, workers=workers, tasks=48, held_out=False)
    return probes | pair([1.0, 1.1, 0.9], [1.0, 1.0, 1.0])


def test_every_module_of_the_registry_gives_derived_quantities():
    found = derive(whole_file())
    assert all(isinstance(item, Derived) for item in found.values())
    assert {"crosscheck.task_cost", "recovery.task_cost", "scaling.wait.contention", "payload.in.bandwidth"} <= set(
        found
    )
    assert len(set(SOURCES + FOLLOWERS)) == len(SOURCES + FOLLOWERS)


def test_points_name_probes_of_the_file_and_intervals_hold_their_value():
    probes = whole_file()
    for name, item in derive(probes).items():
        assert item.points and set(item.points) <= set(probes), name
        assert item.description and item.unit in {"", "s", "B/s"}, name
        if item.value is not None:
            assert np.isfinite(item.value), name
            assert item.low is None or item.low <= item.value * (1 + 1e-12), name
            assert item.high is None or item.value <= item.high * (1 + 1e-12), name


def test_the_same_file_gives_the_same_numbers_and_is_not_changed():
    probes = whole_file()
    before = json.dumps(probes)
    first = derive(probes)
    backwards = derive(dict(reversed(probes.items())))
    assert json.dumps(probes) == before
    assert first == derive(probes)
    assert {name: (item.value, item.low, item.high) for name, item in first.items()} == {
        name: (item.value, item.low, item.high) for name, item in backwards.items()
    }


def test_a_part_of_a_file_gives_a_part_of_the_quantities():
    probes = whole_file()
    everything = derive(probes)
    assert derive({}) == {}
    for left_out in probes:
        part = derive({name: value for name, value in probes.items() if name != left_out})
        assert set(part) <= set(everything)


@pytest.mark.parametrize(
    "broken",
    [
        {"samples": []},
        {"samples": [1.0] * 3, "parameters": {}},
        {"samples": [1.0] * 3, "parameters": {"workers": "two", "tasks": None, "grain": -1, "bytes": True}},
        {"samples": [0.0, 0.0, 0.0]},
        {"samples": [1.0, 2.0], "passes": [5]},
        {"samples": [1.0, 2.0, 3.0], "passes": [0, 3], "parameters": {"injected": "much"}},
    ],
)
def test_broken_entries_are_left_out_and_raise_nothing(broken):
    names = (
        *("metg.independent.8us", "metg.x", "scaling.wait.strong.1", "scaling.cpu.strong.0", "scaling.cpu.weak.1"),
        *("payload.in.1kB", "payload.in.1MB", "payload.shared.9YB", "crosscheck.a.ours", "crosscheck.a.theirs"),
        *("crosscheck.", "recovery."),
    )
    found = derive({name: dict(broken, unit="s") for name in names})
    summary({name: dict(broken, unit="s") for name in names})
    assert not any(name.startswith("metg.x") for name in found)


@pytest.mark.parametrize("sample", [-1e-6, float("nan"), float("inf"), "1", None, True])
def test_nonsense_samples_are_one_clear_error(sample):
    with pytest.raises(ValueError, match=r"probe 'task_cost\.roundtrip'.*is no sample"):
        derive({"task_cost.roundtrip": entry([1.0, sample])})


def test_variants_stay_in_front_of_the_names():
    assert split("threads.metg.independent.1us") == ("threads", "metg.independent.1us")
    assert split("metg.independent.1us") == ("", "metg.independent.1us")
    assert split("own.probe") == ("", "own.probe")
    found = derive({"threads.task_cost.stream": entry([1.0, 1.0, 2.0, 2.0], passes=[2, 2])})
    assert found["threads.reproducibility.task_cost.stream"].value == pytest.approx(1 / 1.5)


def test_crosscheck_is_the_ratio_of_medians_with_its_interval():
    random = np.random.default_rng(1)
    near = derive(pair(random.normal(1.1, 0.01, 60).tolist(), random.normal(1.0, 0.01, 60).tolist()))
    item = near["crosscheck.task_cost"]
    assert item.value == pytest.approx(1.1, rel=0.01) and item.low < 1.1 < item.high and not item.note
    assert "pyperf timeit" in item.description
    far = derive(pair([0.5] * 5, [1.0] * 5))["crosscheck.task_cost"]
    assert far.value == 0.5 and far.note == "more than 15% apart"


def test_crosscheck_of_two_units_is_no_ratio():
    probes = pair([1.0] * 3, [1.0] * 3)
    probes["crosscheck.task_cost.theirs"]["unit"] = "B"
    item = derive(probes)["crosscheck.task_cost"]
    assert item.value is None and "not comparable" in item.note


def test_reproducibility_is_the_range_of_the_passes_medians():
    found = derive({"a.b": entry([1.0, 1.0, 1.2, 1.2, 1.1], passes=[2, 2, 1]), "c.d": entry([1.0, 9.0])})
    assert found["reproducibility.a.b"].value == pytest.approx(0.2 / 1.1)
    assert found["reproducibility.typical"].value == pytest.approx(0.2 / 1.1)
    assert "reproducibility.c.d" not in found


def test_recovery_is_measured_over_injected():
    injected = {"task_cost": 2e-3, "startup.start": 1.0, "nothing.measured": 3.0, "contention": 0.0}
    probes = {"task_cost.roundtrip": entry([2.1e-3] * 4, injected=injected), "startup.start": entry([1.5] * 3)}
    for workers in (1, 2, 4, 8):
        probes[f"scaling.wait.strong.{workers}"] = entry([1 / workers] * 3, workers=workers)
    found = {name: item for name, item in derive(probes).items() if name.startswith("recovery.")}
    assert found["recovery.task_cost"].value == pytest.approx(1.05)
    assert found["recovery.startup.start"].value == pytest.approx(1.5)
    assert found["recovery.contention"].value is None and "injected 0" in found["recovery.contention"].note
    assert "recovery.nothing.measured" not in found


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (4.12e-5, "s", "41.2 µs"),
        (0.0, "s", "0 s"),
        (1e9, "B/s", "1 GB/s"),
        (0.1234, "", "0.123"),
        (None, "s", "unknown"),
    ],
)
def test_values_are_written_with_prefixes(value, unit, text):
    assert written(value, unit) == text


def test_bounds_say_what_they_are():
    bounds = {
        (None, None): "unknown",
        (1.0, None): "above 1 s",
        (None, 1.0): "below 1 s",
        (1.0, 2.0): "between 1 s and 2 s",
    }
    for (low, high), text in bounds.items():
        assert Derived(None, low, high, "s", "").text == text


def test_intervals_cover_the_truth_about_as_often_as_they_say():
    """Samples that vary between and within passes: 95 % intervals of the median hold the truth in most runs.

    With five passes of three samples a percentile interval is somewhat too narrow, which is known and bearable.
    """
    random = np.random.default_rng(3)
    hits = 0
    for run in range(200):
        samples = np.exp(random.normal(0, 0.05, (5, 1)) + random.normal(0, 0.05, (5, 3))).ravel()
        chosen = points({"p": entry(samples.tolist(), passes=[3] * 5)})[""]["p"]
        low, high = resampling.interval(resampling.medians([chosen], f"run{run}", 400)[:, 0])
        hits += low <= 1 <= high
    assert 0.85 <= hits / 200 <= 0.99


def test_passes_are_resampled_together():
    """What makes a whole pass slow cancels in a ratio."""
    state = np.repeat(np.array([1.0, 1.5, 1.2, 0.8, 1.1]), 3)
    probes = {name: entry((factor * state).tolist(), passes=[3] * 5) for name, factor in (("a", 2.0), ("b", 1.0))}
    found = points(probes)[""]
    drawn = resampling.medians([found["a"], found["b"]], "ratio")
    assert np.allclose(drawn[:, 0] / drawn[:, 1], 2.0)


def test_nothing_on_the_measuring_path_imports_the_analysis():
    """The measured environments have no SciPy."""
    code = "import sys, examples.measure.__main__; sys.exit(any('analysis' in m or m == 'scipy' for m in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
