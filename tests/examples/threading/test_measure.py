"""The adapter of the measuring harness gives right answers before anybody times it, and its probes work."""

from __future__ import annotations

import threading

import pytest

from examples.measure.probes import check
from examples.threading import measure
from examples.threading.measure import VARIANTS

#: Work that is small enough for a test.
SMALL = {
    "STARTS": 2,
    "TURNS": 10,
    "HOPS": 4,
    "NAPS": 2,
    "NAP": 0.001,
    "LOOPS": 100,
    "HASHES": 10,
    "COMPRESSED": 2_560,
    "NUMBERS": 100,
    "PAGES": 2,
    "FETCHERS": 2,
    "LATENCY": 0.01,
    "ROWS": 8,
    "PRODUCTS": 1,
}


@pytest.fixture
def adapter(home):
    """The only variant, with two threads."""
    started = VARIANTS[""]()
    started.start(2, home)
    yield started
    started.stop()


def test_answers_are_right(adapter):
    check(adapter)


@pytest.mark.parametrize("size", [1, 4_096, 3_000_001])
def test_shared_data_are_seen_whole(adapter, size):
    with adapter.shared(b"x" * size) as read:
        assert [read() for _ in range(2)] == [size] * 2


def test_a_task_that_fails_does_not_spoil_the_next(adapter):
    with pytest.raises(TypeError):
        adapter.many(abs, [-1, "one", -2])
    assert adapter.many(abs, [-1, -2, -3]) == [1, 2, 3]


def test_more_calls_than_the_queue_holds(adapter):
    assert adapter.many(abs, list(range(-1_000, 0))) == list(range(1_000, 0, -1))


def test_stopping_ends_the_threads(home):
    before = threading.active_count()
    engine = VARIANTS[""]()
    engine.start(3, home)
    assert threading.active_count() == before + 3
    engine.stop()
    engine.stop()
    assert threading.active_count() == before


def test_every_own_probe_gives_a_sample(adapter, monkeypatch):
    for name, value in SMALL.items():
        monkeypatch.setattr(measure, name, value)
    before = threading.active_count()
    for name, (unit, take) in adapter.extra().items():
        sample = take()
        # Late waking alone may come out as next to nothing.
        assert sample > (-1 if name.startswith("gil.wake") else 0), name
        assert unit in ("s", ""), name
    assert threading.active_count() == before
