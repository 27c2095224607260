"""Latency and bandwidth against lines, knees and plateaus whose truth is known."""

import numpy as np
import pytest

from examples.measure.analysis import derive

SIZES = {"1kB": 10**3, "10kB": 10**4, "100kB": 10**5, "1MB": 10**6, "10MB": 10**7, "100MB": 10**8}


def path(time, sizes=SIZES, noise=0.0, seed=0, count=15, name="payload.in"):
    """Probes of a path whose times are ``time(bytes)`` seconds."""
    random = np.random.default_rng(seed)
    return {
        f"{name}.{label}": {
            "unit": "s",
            "samples": (time(size) * np.exp(random.normal(0, noise, count))).tolist(),
            "passes": [count],
            "parameters": {"bytes": size},
        }
        for label, size in sizes.items()
    }


def both(probes, name="payload.in"):
    found = derive(probes)
    return found[f"{name}.latency"], found[f"{name}.bandwidth"]


@pytest.mark.parametrize("latency", [2e-6, 1e-4, 0.01])
@pytest.mark.parametrize("bandwidth", [5e7, 1e9, 2e10])
def test_a_line_gives_its_parameters(latency, bandwidth):
    first, second = both(path(lambda size: latency + size / bandwidth))
    assert first.value == pytest.approx(latency, rel=1e-6) and first.unit == "s"
    assert second.value == pytest.approx(bandwidth, rel=1e-6) and second.unit == "B/s"
    assert not second.note


@pytest.mark.parametrize("seed", range(5))
def test_noise_stays_inside_the_interval(seed):
    first, second = both(path(lambda size: 3e-4 + size / 1e9, noise=0.05, seed=seed))
    assert first.low < 3e-4 < first.high
    assert second.value == pytest.approx(1e9, rel=0.1) and second.low < 1e9 < second.high


def test_two_paths_take_each_end_from_its_own_and_say_so():
    """Small payloads travel with the task, large ones over a slower start but faster path."""
    first, second = both(path(lambda size: 1e-4 + size / 1e8 if size < 10**6 else 5e-3 + size / 2e9))
    assert first.value == pytest.approx(1e-4, rel=0.1)
    assert second.value == pytest.approx(2e9, rel=1e-6)
    assert second.note == "latency + bytes/bandwidth is off by a factor of 9.02 at 1 MB"


def test_a_poll_of_10_ms_hides_neither_end():
    """The caller sees times in steps of 10 ms: the slope of the large sizes stays."""
    first, second = both(path(lambda size: 0.01 * np.ceil((1e-3 + size / 1e9) / 0.01)))
    assert first.value == pytest.approx(0.01, rel=1e-3)
    assert second.value == pytest.approx(1e9, rel=0.15)


def test_time_that_does_not_grow_gives_a_lower_bound():
    for noise in (0.0, 0.02):
        first, second = both(path(lambda size: 1e-3, noise=noise, name="payload.shared"), "payload.shared")
        assert first.value == pytest.approx(1e-3, rel=0.05)
        assert second.bound == "above" and second.low == pytest.approx(1e11, rel=0.05)
        assert "time does not grow with size" in second.note


def test_times_on_no_line_give_a_range_and_how_poor_the_fit_is():
    steep = {10**6: 1e-3, 10**7: 3e-3, 10**8: 3.0}
    _, second = both(path(lambda size: steep.get(size, 1e-4)))
    assert second.bound == "between" and "no straight line" in second.note and "off by a factor of" in second.note
    assert second.low < second.high


def test_small_sizes_alone_are_used_and_named():
    _, second = both(path(lambda size: 1e-4 + size / 1e8, sizes={"1kB": 10**3, "100kB": 10**5}))
    assert second.value == pytest.approx(1e8) and second.note == "from sizes below 1 MB only"


def test_one_size_gives_nothing():
    assert not derive(path(lambda size: 1.0, sizes={"1kB": 1000}))


def test_few_samples_give_no_interval():
    first, second = both(path(lambda size: 1e-4 + size / 1e9, count=2))
    assert first.low is first.high is second.low is second.high is None
    assert second.value == pytest.approx(1e9)


def test_buffer_and_plain_paths_are_apart():
    probes = path(lambda size: 1e-4 + size / 1e9) | path(lambda size: 1e-4 + size / 4e9, name="payload.buffer.in")
    probes |= path(lambda size: 1e-4 + size / 2e9, name="threads.payload.in")
    found = derive(probes)
    assert found["payload.in.bandwidth"].value == pytest.approx(1e9)
    assert found["payload.buffer.in.bandwidth"].value == pytest.approx(4e9)
    assert found["threads.payload.in.bandwidth"].value == pytest.approx(2e9)


def test_scaling_all_times_scales_both_ends():
    slow = both(path(lambda size: 10 * (1e-4 + size / 1e9), noise=0.05))
    fast = both(path(lambda size: 1e-4 + size / 1e9, noise=0.05))
    assert slow[0].value == pytest.approx(10 * fast[0].value)
    assert slow[1].value == pytest.approx(fast[1].value / 10)


def test_the_line_has_the_least_squared_error_of_log_time():
    """Against a search that knows nothing of the method."""
    from scipy.optimize import minimize

    from examples.measure.analysis.payload import line

    sizes, times = np.array([1e6, 1e7, 1e8]), np.array([4.3e-4, 3.5e-3, 0.142])
    intercept, slope = line(sizes, times)

    def error(logs):
        return np.sum((np.log(np.exp(logs[0]) + np.exp(logs[1]) * sizes) - np.log(times)) ** 2)

    best = minimize(error, [-12, -20], method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-12, "maxiter": 9000})
    assert slope == pytest.approx(np.exp(best.x[1]), rel=1e-3)
    assert np.sum((np.log(intercept + slope * sizes) - np.log(times)) ** 2) <= best.fun * (1 + 1e-6)
