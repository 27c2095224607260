"""Scaling laws against curves whose parameters are known, and against the R package usl."""

import numpy as np
import pytest

from examples.measure.analysis import derive
from examples.measure.analysis.laws import capacity, fit_amdahl, fit_usl

WAIT = (1, 2, 3, 4, 6, 8, 12, 16)
HELD_OUT = {3, 6, 12, 16}


def scaling(name, times, noise=0.0, seed=0, over=(), held=(), tasks=48):
    """Probes ``scaling.<name>.<W>`` from wall times by number of workers."""
    random = np.random.default_rng(seed)
    return {
        f"scaling.{name}.{workers}": {
            "unit": "s",
            "samples": (time * np.exp(random.normal(0, noise, 15))).tolist(),
            "passes": [3] * 5,
            "parameters": {
                "workers": workers,
                "tasks": tasks(workers) if callable(tasks) else tasks,
                "held_out": workers in held,
                "oversubscribed": workers in over,
            },
        }
        for workers, time in times.items()
    }


def wait(contention, coherency, noise=0.0, seed=0):
    times = {workers: 0.96 / float(capacity(workers, contention, coherency)) for workers in WAIT}
    return derive(scaling("wait.strong", times, noise, seed, held=HELD_OUT))


@pytest.mark.parametrize("contention", [0.0, 0.02, 0.3])
@pytest.mark.parametrize("coherency", [0.0, 0.001, 0.05])
def test_usl_recovers_its_parameters_and_predicts(contention, coherency):
    found = wait(contention, coherency)
    assert found["scaling.wait.contention"].value == pytest.approx(contention, abs=1e-6)
    assert found["scaling.wait.coherency"].value == pytest.approx(coherency, abs=1e-6)
    assert found["scaling.wait.heldout"].value < 1e-6
    assert {f"scaling.wait.heldout.{w}" for w in HELD_OUT} <= set(found)


def test_usl_fits_the_data_of_the_r_packages_test_as_the_package_does():
    """Data and parameters of tests/coef.R and tests/usl-nls.R of the R package usl 3.0.3: alpha = beta = 0.02, gamma
    = 1."""
    load = np.array([1, 2, 4, 6, 8, 10.0])
    throughput = np.array([1, 1.8868, 3.0769, 3.5294, 3.5398, 3.3557])
    law = fit_usl(load, 1 / throughput)
    assert (law.contention, law.coherency, 1 / law.single) == pytest.approx((0.02, 0.02, 1.0), rel=1e-3)


def test_usl_gives_the_peak_of_the_textbook_formula():
    item = wait(0.04, 0.005)["scaling.wait.peak"]
    assert item.value == pytest.approx(np.sqrt(0.96 / 0.005))
    assert "beyond the 8 workers" in item.note


def test_no_coherency_is_no_peak_and_says_so():
    found = wait(0.05, 0.0, noise=0.01)
    coherency = found["scaling.wait.coherency"]
    assert coherency.low == 0 and "not distinguishable from 0" in coherency.note
    assert found["scaling.wait.peak"].high is None


def test_held_out_points_are_not_fitted():
    times = {workers: 1 / workers for workers in WAIT}
    times[3] *= 1.5
    times[16] *= 2
    found = derive(scaling("wait.strong", times, held=HELD_OUT))
    assert found["scaling.wait.contention"].value == pytest.approx(0, abs=1e-9)
    assert found["scaling.wait.heldout.3"].value == pytest.approx(1 / 3)
    assert found["scaling.wait.heldout.16"].value == pytest.approx(1 / 2)
    assert found["scaling.wait.heldout.inside"].value == pytest.approx(1 / 6)
    assert found["scaling.wait.heldout.beyond"].value == pytest.approx(1 / 4)


@pytest.mark.parametrize("seed", range(4))
def test_intervals_hold_the_truth_under_noise(seed):
    found = wait(0.1, 0.01, noise=0.02, seed=seed)
    for name, truth in (("contention", 0.1), ("coherency", 0.01)):
        item = found[f"scaling.wait.{name}"]
        assert item.low <= truth <= item.high, name


def test_wide_intervals_say_that_nothing_is_identified():
    item = wait(0.05, 0.004, noise=0.5, seed=2)["scaling.wait.coherency"]
    assert "not identified" in item.note


def test_a_law_that_does_not_fit_says_how_far_off_it_is():
    times = {1: 1.0, 2: 0.5, 4: 1.0, 8: 0.2, 3: 1.0}
    item = derive(scaling("wait.strong", times, held={3}))["scaling.wait.contention"]
    assert "off at its own points" in item.note


def test_more_workers_that_only_slow_down_do_not_break_the_fit():
    times = {1: 1.0, 2: 4.0, 4: 16.0, 8: 64.0}
    found = derive(scaling("wait.strong", times))
    assert "more workers do not speed the job up" in found["scaling.wait.contention"].note


def test_two_numbers_of_workers_are_too_few_for_the_usl():
    assert "scaling.wait.contention" not in derive(scaling("wait.strong", {1: 1.0, 2: 0.5}))
    with pytest.raises(ValueError, match="needs three numbers of workers"):
        fit_usl(np.array([1.0, 2.0]), np.array([1.0, 0.5]))


@pytest.mark.parametrize("serial", [0.0, 0.05, 0.5, 1.0])
def test_amdahl_on_two_cores_is_decided_by_one_point(serial):
    times = {workers: serial + (1 - serial) / min(workers, 2) for workers in (1, 2, 4)}
    found = derive(scaling("cpu.strong", times, over={4}))
    item = found["scaling.cpu.amdahl"]
    assert item.value == pytest.approx(serial, abs=1e-6)
    assert "decided by one point" in item.note
    assert item.points == ("scaling.cpu.strong.1", "scaling.cpu.strong.2")


def test_more_workers_than_cores_are_shown_and_not_fitted():
    times = {1: 1.0, 2: 0.5, 4: 3.0}
    found = derive(scaling("cpu.strong", times, over={4}))
    assert found["scaling.cpu.amdahl"].value == 0
    assert found["scaling.cpu.speedup.4"].value == pytest.approx(1 / 3)
    assert found["scaling.cpu.speedup.4"].note == "more workers than cores; not in any fit"


def test_superlinear_speedup_is_a_serial_fraction_of_0():
    found = derive(scaling("cpu.strong", {1: 1.0, 2: 0.4}))
    assert found["scaling.cpu.amdahl"].value == 0
    assert "not distinguishable from 0" in found["scaling.cpu.amdahl"].note


def test_amdahl_over_many_workers():
    workers = np.array([1.0, 2, 4, 8, 16])
    assert fit_amdahl(workers, 7 * (0.2 + 0.8 / workers)) == pytest.approx(0.2)


def test_weak_scaling_gives_efficiency_and_gustafsons_fraction():
    """With a serial share s of the time, W workers do W − s·(W−1) times the work of one in the same time."""
    serial = 0.1
    times = {workers: workers / (workers - serial * (workers - 1)) for workers in (1, 2, 4, 8)}
    found = derive(scaling("cpu.weak", times, tasks=lambda workers: 32 * workers))
    assert found["scaling.cpu.gustafson"].value == pytest.approx(serial)
    assert found["scaling.cpu.efficiency.8"].value == pytest.approx((8 - 0.7) / 8)


def test_without_one_worker_there_is_no_speedup():
    found = derive(scaling("cpu.strong", {2: 0.5, 4: 0.3}))
    assert not any(".speedup." in name for name in found)
