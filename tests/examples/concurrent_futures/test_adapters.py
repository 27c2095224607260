"""The adapters of the measuring harness give right answers before anybody times them."""

from __future__ import annotations

import psutil
import pytest

from examples.concurrent_futures.measure import BATCH, ITEMS, VARIANTS
from examples.measure.probes import check


@pytest.fixture(scope="module", params=VARIANTS, ids=lambda variant: variant or "default")
def adapter(request):
    """Each variant, for two workers."""
    started = VARIANTS[request.param]()
    started.start(2, None)
    yield started
    started.stop()


def test_answers_are_right(adapter):
    check(adapter)


def test_a_task_that_fails_does_not_spoil_the_next(adapter):
    with pytest.raises(TypeError):
        adapter.many(abs, [-1, "one", -2])
    assert adapter.many(abs, [-1, -2, -3]) == [1, 2, 3]


def test_shared_data_are_seen_whole(adapter):
    with adapter.shared(b"x" * 4_097) as read:
        assert [read() for _ in range(2)] == [4_097] * 2


def test_the_batched_probe_sends_a_hundred_items_in_a_message(monkeypatch):
    engine = VARIANTS[""]()
    engine.start(2, None)
    calls = []
    submit = engine.executor.submit
    monkeypatch.setattr(engine.executor, "submit", lambda *call: calls.append(call) or submit(*call))
    assert engine._batched() > 0
    assert len(calls) == ITEMS // BATCH
    engine.stop()


def test_stopping_ends_the_workers():
    before = set(psutil.Process().children())
    engine = VARIANTS[""]()
    engine.start(2, None)
    assert engine.one(abs, -1) == 1
    engine.stop()
    left = [child for child in set(psutil.Process().children()) - before if child.is_running()]
    assert [child for child in left if "multiprocessing" not in " ".join(child.cmdline())] == []
