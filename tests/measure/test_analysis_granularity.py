"""METG against curves whose METG is known."""

import numpy as np
import pytest

from examples.measure.analysis import derive

LADDER = [2**power for power in range(18)]  # microseconds


def sweep(cost, ladder=LADDER, tasks=256, workers=2, noise=0.0, scale=1.0, pattern="independent", seed=0, slow=None):
    """A sweep over an engine that adds *cost* seconds of a worker's time to each task; its METG is 2·cost."""
    random = np.random.default_rng(seed)
    probes = {}
    for grain in ladder:
        wall = tasks * (grain * 1e-6 + cost) / workers * (slow or {}).get(grain, 1.0)
        samples = scale * wall * np.exp(random.normal(0, noise, 15))
        probes[f"metg.{pattern}.{grain}us"] = {
            "unit": "s",
            "samples": samples.tolist(),
            "passes": [3] * 5,
            "parameters": {"tasks": tasks, "workers": workers, "grain": scale * grain * 1e-6, "pattern": pattern},
        }
    return probes


def metg(probes, name="metg.independent"):
    return derive(probes)[name]


@pytest.mark.parametrize("cost", [1e-5, 3e-5, 7e-5, 1e-4, 1.4e-4, 1e-3, 2.9e-3])
def test_a_fixed_cost_per_task_gives_twice_that_cost(cost):
    item = metg(sweep(cost))
    # The best rate of a sweep is a little below its limit, which makes METG low; interpolation makes it a little high.
    assert 0.97 <= item.value / (2 * cost) <= 1.06
    assert item.unit == "s" and item.bound == "" and len(item.points) == len(LADDER)


def test_exact_point_at_half_efficiency():
    """A peak of 1 and a point of exactly 50 %: METG is that point's granularity."""
    rows = {10: 0.25, 100: 0.5, 1000: 1.0}
    probes = {}
    for grain, efficiency in rows.items():
        parameters = {"tasks": 100, "workers": 4, "grain": grain * 1e-6}
        wall = 100 * grain * 1e-6 / (4 * efficiency)
        probes[f"metg.stencil.{grain}us"] = {"unit": "s", "samples": [wall], "parameters": parameters}
    probes["metg.stencil.2000us"] = {
        "unit": "s",
        "samples": [100 * 2e-3 / 4],
        "parameters": {"tasks": 100, "workers": 4, "grain": 2e-3},
    }
    item = metg(probes, "metg.stencil")
    assert item.value == pytest.approx(100e-6 / 0.5)
    assert item.low is None and item.high is None  # one sample a point gives no interval


@pytest.mark.parametrize("scale", [1e-3, 0.5, 7.0, 1000.0])
def test_scaling_all_times_scales_metg(scale):
    one, other = metg(sweep(1e-4, noise=0.05)), metg(sweep(1e-4, noise=0.05, scale=scale))
    for end in ("value", "low", "high"):
        assert getattr(other, end) == pytest.approx(scale * getattr(one, end))


def test_workers_and_tasks_do_not_change_metg():
    assert metg(sweep(1e-4, tasks=64, workers=8)).value == pytest.approx(metg(sweep(1e-4, tasks=999, workers=3)).value)


@pytest.mark.parametrize("seed", range(5))
def test_the_interval_holds_the_truth_under_noise(seed):
    truth = metg(sweep(1e-4)).value
    item = metg(sweep(1e-4, noise=0.05, seed=seed))
    assert item.low < item.value < item.high
    assert item.value == pytest.approx(truth, rel=0.1)
    assert item.high / item.low < 1.3


def test_a_sweep_that_stays_efficient_gives_an_upper_bound():
    item = metg(sweep(1e-6, ladder=[4 * size for size in LADDER[:12]]))
    assert item.bound == "below" and item.low is None
    assert item.high == pytest.approx(5e-6)
    assert item.note == "below 5 µs, the smallest granularity of the sweep"


def test_a_sweep_that_still_climbs_gives_a_lower_bound():
    """Each doubling of the task doubles the rate: the engine's cost is far above the largest task."""
    item = metg(sweep(1.0))
    assert item.bound == "above" and item.high is None
    assert 0.9 < item.low < 2.0
    assert item.note.startswith("not reached: above")


def test_a_sweep_that_sees_its_peak_just_in_time_is_a_value():
    assert metg(sweep(0.01)).value == pytest.approx(0.02, rel=0.1)


def test_one_point_is_no_sweep():
    item = metg(sweep(1e-4, ladder=[64]))
    assert item.bound == "unknown" and "one point" in item.note


def test_a_dip_at_large_tasks_moves_metg_up_and_the_note_gives_task_benchs_rule():
    item = metg(sweep(1e-4, slow={4096: 3.0}))
    assert item.value > 4e-3
    assert "Task Bench's rule METG is 20" in item.note
    assert "uneven sweep: a larger task is less efficient by 6" in item.note


def test_a_small_dip_is_no_news():
    assert not metg(sweep(1e-4, slow={4096: 1.1})).note


def test_inefficient_at_the_largest_task_is_not_reached():
    item = metg(sweep(1e-4, slow={LADDER[-1]: 3.0}))
    assert item.bound == "unknown" and "falls below 50 % again" in item.note


def test_one_outlier_sample_does_not_move_metg():
    probes = sweep(1e-4)
    probes["metg.independent.128us"]["samples"][0] *= 50
    assert metg(probes).value == pytest.approx(metg(sweep(1e-4)).value)


def test_patterns_and_variants_are_apart():
    probes = sweep(1e-4) | sweep(1e-3, pattern="stencil")
    probes |= {f"threads.{name}": value for name, value in sweep(1e-5).items()}
    found = derive(probes)
    assert found["metg.independent"].value == pytest.approx(2e-4, rel=0.05)
    assert found["metg.stencil"].value == pytest.approx(2e-3, rel=0.05)
    assert found["threads.metg.independent"].value == pytest.approx(2e-5, rel=0.05)


def test_a_point_without_parameters_is_left_out():
    probes = sweep(1e-4)
    del probes["metg.independent.1us"]["parameters"]
    assert "metg.independent.1us" not in metg(probes).points
