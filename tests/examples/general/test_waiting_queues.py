"""The calculations of the page on waiting, at more points than the page shows."""

from __future__ import annotations

import pytest

from examples.foundations.bound_queue import run_ahead
from examples.foundations.count_in_flight import observe
from examples.foundations.limited_server import run_clients
from examples.foundations.queue_for_server import irregular, waits
from examples.foundations.retry_together import at_once, backoff, count_calls, full_jitter


@pytest.mark.parametrize("limit", [1, 3, 10])
def test_a_bound_holds(limit: int) -> None:
    assert run_ahead(200, limit) <= limit + 1


def test_without_a_bound_everything_is_made_first() -> None:
    assert run_ahead(200) == 200


@pytest.mark.parametrize("step", [1, 7, 40])
def test_littles_law_is_exact_over_a_window_that_begins_and_ends_empty(step: int) -> None:
    in_flight, rate, latency = observe((tick, tick + 1 + tick * 37 % 101) for tick in range(0, 400, step))
    assert in_flight == rate * latency


@pytest.mark.parametrize("clients", range(1, 20))
def test_rate_and_latency_multiply_to_the_clients(clients: int) -> None:
    """Rate times latency is the number of clients, below and above what the server allows."""
    per_second, latency = run_clients(clients, gap=50, service=300, duration=600_000)
    assert per_second * latency / 1_000 == pytest.approx(clients, rel=0.1)


@pytest.mark.parametrize("busy", [0.5, 0.8])
def test_random_arrivals_wait_as_theory_says(busy: float) -> None:
    count = 200_000
    found = list(waits(irregular(1, count, seed=1), irregular(busy, count, seed=2)))
    in_system = sum(found) / count + busy
    assert in_system == pytest.approx(busy / (1 - busy), rel=0.15)


def test_jitter_needs_fewer_calls_than_the_same_backoff_without() -> None:
    without, _ = count_calls(100, 10, backoff)
    assert without == count_calls(100, 10, at_once)[0] == 550
    assert all(count_calls(100, 10, full_jitter(seed))[0] < 0.8 * without for seed in range(50))
