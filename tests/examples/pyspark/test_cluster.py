"""The fault drills, on a real cluster: a master and two workers in processes of their own, and one application.

The tests share the cluster and stand in the order of the harm that they do.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import psutil
import pytest
from py4j.protocol import Py4JJavaError

from examples.measure.probes import check
from examples.pyspark.count_attempts import always_killed, attempts, killed_once, refuse
from examples.pyspark.exceed_memory import hoard
from examples.pyspark.mark_places import count_by_parity, places, runs
from examples.pyspark.measure import Adapter, stop_spark
from examples.pyspark.read_error import reason
from examples.pyspark.start_cluster import start_cluster, wait_for
from examples.pyspark.summarise_batches import with_frames, with_rdd
from examples.pyspark.write_settings import settings
from examples.workload.answers import SUMMARIES


@pytest.fixture(scope="module")
def cluster(home):
    """A master and two workers with one core each; executors inherit the environment of their worker."""
    import os

    os.environ.update(settings(home / "spark"))
    with start_cluster(home / "cluster") as started:
        yield started


@pytest.fixture(scope="module")
def spark(cluster):
    """One application with an executor on each worker."""
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(cluster.url).config("spark.executor.memory", "512m")
    session = builder.config("spark.executor.pyspark.memory", "2g").getOrCreate()
    wait_for(lambda: executors(session) == 2)
    yield session
    stop_spark()


def executors(session) -> int:
    """Return the number of executors that the driver knows; it counts itself too."""
    return session.sparkContext._jsc.sc().getExecutorMemoryStatus().size() - 1


def test_the_adapter_connects_and_leaves_the_cluster_running(cluster, home):
    engine = Adapter()
    assert engine.connect(cluster.url, home) == 2
    try:
        check(engine)
    finally:
        engine.stop()
    wait_for(lambda: not cluster.status()["activeapps"])
    assert cluster.has(workers=2)


def test_no_master_is_one_clear_error(home):
    for address in ("spark://127.0.0.1:1", "127.0.0.1:7077", "nonsense", "spark://127.0.0.1:port"):
        with pytest.raises(ConnectionError, match=f"pyspark: no master answers at '{address}': "):
            Adapter().connect(address, home)


def test_the_shared_job_runs_on_both_workers(spark, tmp_path):
    context = spark.sparkContext
    assert with_rdd(context, range(8)) == with_frames(spark, range(8)) == SUMMARIES
    (tmp_path / "gate").touch()
    assert count_by_parity(context, tmp_path, context.accumulator(0)) == {0: 2, 1: 2}
    assert runs(tmp_path, "map-*") == {1: 4} and runs(tmp_path, "reduce-*") == {1: 2}
    assert len({tries[0] for tries in places(tmp_path, "map-*").values()}) == 2


def test_a_killed_python_worker_costs_one_more_attempt_of_one_task(spark, tmp_path):
    task = partial(killed_once, marks=tmp_path / "once")
    assert spark.sparkContext.parallelize(range(8), 8).map(task).collect() == SUMMARIES
    assert attempts(tmp_path / "once") == [1, 1, 1, 2, 1, 1, 1, 1]


@pytest.mark.parametrize(("task", "why"), [(always_killed, "crashed"), (refuse, "ValueError"), (hoard, "MemoryError")])
def test_a_poison_task_fails_the_job_after_four_attempts(spark, tmp_path, task, why):
    job = spark.sparkContext.parallelize([5], 1).map(partial(task, marks=tmp_path / "marks"))
    with pytest.raises(Py4JJavaError) as failed:
        job.collect()
    assert "failed 4 times" in reason(failed.value)
    assert why in str(failed.value)
    assert attempts(tmp_path / "marks") == [4]


def test_a_killed_executor_makes_finished_map_tasks_run_again(spark, tmp_path):
    context = spark.sparkContext
    seen = context.accumulator(0)
    with ThreadPoolExecutor(1) as pool:
        job = pool.submit(count_by_parity, context, tmp_path, seen)
        wait_for(lambda: len(places(tmp_path, "reduce-*")) == 2)
        (victim,) = places(tmp_path, "reduce-*")["reduce-0"]
        lost = [name for name, tries in places(tmp_path, "map-*").items() if tries == [victim]]
        psutil.Process(victim).kill()
        (tmp_path / "gate").touch()
        assert job.result(60) == {0: 2, 1: 2}
    assert lost
    assert runs(tmp_path, "map-*") == {1: 4 - len(lost), 2: len(lost)}
    assert places(tmp_path, "reduce-*")["reduce-0"][0] == victim and runs(tmp_path, "reduce-*") == {1: 1, 2: 1}
    assert seen.value == 4 + len(lost)  # each run of a map task is counted
    wait_for(lambda: executors(spark) == 2)  # the worker started another


def test_a_killed_master_is_missed_by_nobody_and_remembers(cluster, spark, tmp_path):
    context = spark.sparkContext
    with ThreadPoolExecutor(1) as pool:
        job = pool.submit(count_by_parity, context, tmp_path, context.accumulator(0))
        wait_for(lambda: len(places(tmp_path, "reduce-*")) == 2)
        cluster.kill("master")
        (tmp_path / "gate").touch()
        assert job.result(60) == {0: 2, 1: 2}
    assert runs(tmp_path, "*-*") == {1: 6}
    assert with_rdd(context, range(8)) == SUMMARIES  # a new job of the same application
    cluster.start_master()
    wait_for(lambda: cluster.has(workers=2))
    assert [app["id"] for app in cluster.status()["activeapps"]] == [context.applicationId]


def test_a_killed_worker_takes_its_executor_along_and_the_job_goes_on(cluster, spark, tmp_path):
    context = spark.sparkContext
    seen = context.accumulator(0)
    (daemon,) = [process for name, process in cluster.processes.items() if name == "worker-0"]
    (victim,) = [
        child.pid
        for child in psutil.Process(daemon.pid).children()
        if "CoarseGrainedExecutorBackend" in " ".join(child.cmdline())
    ]
    with ThreadPoolExecutor(1) as pool:
        job = pool.submit(count_by_parity, context, tmp_path, seen)
        wait_for(lambda: len(places(tmp_path, "reduce-*")) == 2)
        lost = [name for name, tries in places(tmp_path, "map-*").items() if tries == [victim]]
        cluster.kill("worker-0")
        wait_for(lambda: not psutil.pid_exists(victim))
        (tmp_path / "gate").touch()
        assert job.result(60) == {0: 2, 1: 2}
    assert seen.value == 4 + len(lost)
    assert runs(tmp_path, "map-*") == {1: 4 - len(lost), 2: len(lost)}
    wait_for(lambda: cluster.has(workers=1))
    assert executors(spark) == 1
    assert with_rdd(context, range(8)) == SUMMARIES


def test_a_job_that_fails_leaves_the_session_usable(spark, tmp_path):
    with pytest.raises(Py4JJavaError):
        spark.sparkContext.parallelize([5], 1).map(partial(refuse, marks=tmp_path / "marks")).collect()
    assert with_rdd(spark.sparkContext, range(8)) == SUMMARIES
