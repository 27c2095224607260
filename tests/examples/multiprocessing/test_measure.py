"""The adapters of the measuring harness give right answers before anybody times them."""

from __future__ import annotations

import multiprocessing

import pytest

from examples.measure.probes import check
from examples.multiprocessing.measure import VARIANTS
from examples.multiprocessing.start_pool import in_fresh_interpreter


@pytest.fixture(scope="module", params=VARIANTS, ids=lambda variant: variant or "default")
def adapter(request, home):
    """Each variant, for two workers."""
    started = VARIANTS[request.param]()
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


def test_stopping_ends_the_workers(home):
    before = set(multiprocessing.active_children())
    engine = VARIANTS[""]()
    engine.start(2, home)
    assert engine.one(abs, -1) == 1
    engine.stop()
    assert set(multiprocessing.active_children()) <= before


@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
def test_the_start_of_a_pool_is_timed(method):
    assert in_fresh_interpreter(method, 2) > 0
