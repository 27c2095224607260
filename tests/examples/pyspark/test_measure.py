"""The adapters of the measuring harness give right answers before anybody times them."""

from __future__ import annotations

import pytest

from examples.measure.probes import check
from examples.measure.tasks import make_bytes, process
from examples.pyspark.measure import VARIANTS


@pytest.fixture(scope="module")
def adapters(home):
    """All variants, started with two task slots, as the harness does: together."""
    started = {variant: kind() for variant, kind in VARIANTS.items()}
    for adapter in started.values():
        adapter.start(2, home)
    yield started
    for adapter in started.values():
        adapter.stop()


@pytest.fixture(params=VARIANTS, ids=lambda variant: variant or "default")
def adapter(request, adapters):
    return adapters[request.param]


def test_answers_are_right(adapter):
    check(adapter)
    assert adapter.many(abs, []) == []


def test_own_probes_return_seconds(adapter):
    for name, (unit, take) in adapter.extra().items():
        assert unit == "s", name
        assert 0 < take() < 60, name


@pytest.mark.parametrize("size", [1, 4_096, 3_000_001])
def test_shared_data_are_seen_whole(adapter, size):
    with adapter.shared(b"x" * size) as read:
        assert [read() for _ in range(2)] == [size] * 2


def test_a_task_that_fails_does_not_spoil_the_next(adapter):
    with pytest.raises(Exception, match="must be an integer|an integer is required|cannot be interpreted"):
        adapter.many(make_bytes, [1, "one", 2])
    assert [len(answer) for answer in adapter.many(make_bytes, [1, 2, 3])] == [1, 2, 3]


def test_an_item_is_a_task_only_where_the_variant_says_so(adapters):
    """Two task slots and four items: two partitions of two, or four."""
    from examples.pyspark.count_tasks import tasks_by_stage

    for variant, tasks in {"": [2], "partitions": [4]}.items():
        engine = adapters[variant]
        assert tasks_by_stage(engine._context, lambda engine=engine: engine.many(process, [1, 2, 3, 4])) == tasks
