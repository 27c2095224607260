"""The adapters of the measuring harness give right answers before anybody times them."""

from __future__ import annotations

import tomllib

import pytest

from examples.measure.probes import check
from examples.measure.tasks import make_bytes, process
from examples.pyspark import measure, time_actions
from examples.pyspark.measure import VARIANTS
from tools.systems import ROOT


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


def test_own_probes_return_seconds(adapter, monkeypatch):
    monkeypatch.setattr(measure, "ROWS", 2_000)
    monkeypatch.setattr(time_actions, "ACTIONS", 1)
    for name, (unit, take) in adapter.extra().items():
        assert unit == "s", name
        assert 0 < take() < 60, name


@pytest.mark.parametrize("size", [1, 3_000_001])
def test_shared_data_are_seen_whole(adapter, size):
    with adapter.shared(b"x" * size) as read:
        assert [read() for _ in range(2)] == [size] * 2


def test_a_task_that_fails_does_not_spoil_the_next(adapter):
    with pytest.raises(Exception, match="TypeError: '<' not supported"):
        adapter.many(make_bytes, [1, "one", 2])
    assert [len(answer) for answer in adapter.many(make_bytes, [1, 2, 3])] == [1, 2, 3]


def test_an_item_is_a_task_only_where_the_variant_says_so(adapters):
    """Two task slots and four items: two partitions of two, or four."""
    from examples.pyspark.count_tasks import tasks_by_stage

    for variant, tasks in {"": [2], "partitions": [4]}.items():
        engine = adapters[variant]
        assert tasks_by_stage(engine._context, lambda engine=engine: engine.many(process, [1, 2, 3, 4])) == tasks


def test_the_facts_are_the_defaults_of_this_version(adapters):
    """What the register says of settings, asked of the running engine."""
    facts = tomllib.loads((ROOT / "book/_data/systems/pyspark.toml").read_text("utf8"))["facts"]
    spark = adapters[""]._context._jvm.org.apache.spark
    core, network, python = (
        getattr(getattr(spark.internal.config, name), "MODULE$") for name in ("package$", "Network$", "Python$")
    )
    defaults = {
        "max-failures": core.TASK_MAX_FAILURES(),
        "max-result-size": core.MAX_RESULT_SIZE(),
        "authenticate": core.NETWORK_AUTH_ENABLED(),
        "encryption": network.NETWORK_CRYPTO_ENABLED(),
        "shuffle-partitions": spark.sql.internal.SQLConf.SHUFFLE_PARTITIONS(),
    }
    written = {"max-result-size": f"{facts['max-result-size']['value']}g"}
    for name, entry in defaults.items():
        assert entry.defaultValueString() == written.get(name, str(facts[name]["value"]).lower()), entry.key()
    assert not python.PYTHON_UNIX_DOMAIN_SOCKET_ENABLED().defaultValue().get()
    assert not core.SPECULATION_ENABLED().defaultValue().get()
    assert spark.sql.internal.SQLConf.PYTHON_UDF_ARROW_ENABLED().defaultValueString() == "true"
    assert spark.sql.internal.SQLConf.ANSI_ENABLED().defaultValueString() == "true"
