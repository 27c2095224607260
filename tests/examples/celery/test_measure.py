"""The adapters of the measuring harness give right answers before anybody times them, also on a reader's cluster."""

from __future__ import annotations

import os

import pytest

from examples.celery import measure
from examples.celery.measure import VARIANTS, Adapter
from examples.measure.probes import check
from examples.measure.tasks import length


@pytest.fixture(scope="module")
def started(home):
    """Adapters by variant, started when a test first asks; an address in the environment is a reader's cluster."""
    for name in ("CELERY_BROKER_URL", "CELERY_RESULT_BACKEND"):
        os.environ.pop(name, None)
    adapters: dict[str, Adapter] = {}
    yield adapters
    for adapter in adapters.values():
        adapter.stop()
        adapter.stop()  # a second time does no harm


@pytest.fixture(params=VARIANTS, ids=lambda variant: variant or "default")
def adapter(request, started, home):
    """Each variant, with two workers."""
    if request.param not in started:
        started[request.param] = VARIANTS[request.param]()
        started[request.param].start(2, home)
    return started[request.param]


def test_answers_are_right_and_in_order(adapter):
    check(adapter)
    for count in (0, 1, 2, 101):
        numbers = list(range(-count, 0))
        assert adapter.many(abs, numbers) == [abs(number) for number in numbers]


def test_a_large_payload_arrives_whole_in_both_directions(adapter):
    payload = os.urandom(3_000_001)
    assert adapter.one(length, payload) == len(payload)
    assert adapter.one(bytes, payload) == payload


def test_a_task_that_fails_does_not_spoil_the_next(adapter):
    with pytest.raises(TypeError):
        adapter.many(abs, [-1, "one", -2])
    assert adapter.many(abs, [-1, -2, -3]) == [1, 2, 3]


def test_own_probes_return_seconds(adapter):
    for name, (unit, take) in adapter.extra().items():
        assert unit == "s", name
        assert 0 < take() < 60, name


def test_connects_and_leaves_the_cluster_running(adapter, home, monkeypatch):
    monkeypatch.setattr(measure, "ANSWER", 3.0)  # to find all workers it waits as long as this
    for _ in range(2):  # the second finds it as the first did
        reader = Adapter()
        assert reader.connect(adapter.url, home) == 2
        try:
            check(reader)
            assert "recovery.killed_process" not in reader.extra()
        finally:
            reader.stop()


def test_a_cluster_that_cannot_run_the_probes_is_one_clear_error(home, monkeypatch):
    monkeypatch.setattr(measure, "ANSWER", 1.0)
    with pytest.raises(ConnectionError, match="celery: no broker answers at 'redis://127.0.0.1:1/0'"):
        Adapter().connect("redis://127.0.0.1:1/0", home)
