"""The adapters of the measuring harness give right answers before anybody times them."""

from __future__ import annotations

import asyncio
import threading
import time

import psutil
import pytest

from examples.asyncio import measure
from examples.asyncio.measure import VARIANTS
from examples.measure.probes import check
from examples.measure.serve import serving
from examples.measure.tasks import inspect_or_fetch, pause, process


@pytest.fixture(scope="module", params=VARIANTS, ids=lambda variant: variant or "default")
def adapter(request, home):
    """Each variant, for two workers."""
    started = VARIANTS[request.param]()
    started.start(2, home)
    yield started
    started.stop()


def test_answers_are_right_and_in_order(adapter):
    check(adapter)
    assert adapter.many(abs, list(range(-300, 0))) == list(range(300, 0, -1))
    assert adapter.many(abs, []) == []


@pytest.mark.parametrize("size", [1, 4_096, 3_000_001])
def test_shared_data_are_seen_whole(adapter, size):
    with adapter.shared(b"x" * size) as read:
        assert [read() for _ in range(2)] == [size] * 2


def test_a_task_that_fails_does_not_spoil_the_next(adapter):
    with pytest.raises(TypeError):
        adapter.one(abs, "one")
    with pytest.raises(ExceptionGroup) as caught:
        adapter.many(abs, [-1, "one", -2])
    assert [type(error) for error in caught.value.exceptions] == [TypeError]
    assert adapter.many(abs, [-1, -2, -3]) == [1, 2, 3]


def test_tasks_run_in_this_process(adapter):
    assert set(adapter.many(process, [None] * 4)) == {psutil.Process().pid}


def test_tasks_wait_side_by_side(adapter):
    waits = [0.2] * 8
    began = time.monotonic()
    assert adapter.many(pause, waits) == waits
    # Two at a time: not sooner than half of the sum.
    assert sum(waits) / 2 <= time.monotonic() - began + 0.01


def test_pages_and_batches_are_mixed(adapter):
    with serving(0.0) as url:
        items = [f"{url}/page/7", 0, f"{url}/page/8"]
        page, batch, other = adapter.many(inspect_or_fetch, items)
    assert (page, other) == (107, 108)
    assert batch["count"] > 0


def test_a_page_that_is_missing_is_an_error():
    with serving(0.0) as url, pytest.raises(ConnectionError, match="404"):
        asyncio.run(measure.fetch(f"{url}/elsewhere"))


def test_stopping_ends_the_threads(home):
    before = threading.active_count()
    for kind in VARIANTS.values():
        engine = kind()
        engine.start(2, home)
        assert engine.many(abs, [-1, -2, -3]) == [1, 2, 3]
        engine.stop()
        engine.stop()  # a second time does no harm
    assert threading.active_count() == before


QUICK = {
    "TASKS": 50,
    "AWAITS": 50,
    "HOPS": 50,
    "THREAD_HOPS": 5,
    "ECHOES": 5,
    "REQUESTS": 20,
    "OPEN": 5,
    "PAGES": 12,
    "LATENCY": 0.01,
    "TICKS": 5,
    "COMPUTING": 0.2,
    "WAITING": 200,
    "LIMIT": 5,
    "PERIOD": 0.1,
    "LIMITED": 20,
}


@pytest.mark.parametrize("variant", [variant for variant in VARIANTS if VARIANTS[variant]().extra])
def test_own_probes_give_samples(variant, home, monkeypatch):
    for name, value in QUICK.items():
        monkeypatch.setattr(measure, name, value)
    engine = VARIANTS[variant]()
    engine.start(2, home)
    try:
        for name, (unit, sample) in engine.extra().items():
            assert sample() >= 0, name
            assert unit in ("s", "B", "1/s", ""), name
    finally:
        engine.stop()


def test_a_window_holds_what_the_limiter_promises(home, monkeypatch):
    for name, value in QUICK.items():
        monkeypatch.setattr(measure, name, value)
    seen = {name: asyncio.run(measure.observe(name)) for name in ("throttle", "aiolimiter", "semaphore")}
    assert all(5 <= found["half"] <= found["window"] <= 20 for found in seen.values())


def test_the_worst_window_is_found():
    times = [0.0, 0.1, 0.5, 0.55, 0.58, 1.5]
    assert measure.most_within(times, 0.1) == 3
    assert measure.most_within(times, 0.5) == 4
    assert measure.most_within([], 1) == 0
