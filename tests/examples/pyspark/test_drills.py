"""The fault drills, on a real cluster: a master and two workers in processes of their own.

The tests share the cluster and its applications, and stand in the order of the harm that they do.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import psutil
import pytest
from py4j.protocol import Py4JError
from pyspark import SparkContext

from examples.pyspark import write_settings
from examples.pyspark.count_attempts import always_killed, attempts, killed_once
from examples.pyspark.exceed_memory import hoard
from examples.pyspark.hold_tasks import hold_tasks
from examples.pyspark.mark_places import count_by_parity, places, runs
from examples.pyspark.measure import Adapter, forget_spark
from examples.pyspark.read_error import reason
from examples.pyspark.run_twice import slow_once
from examples.pyspark.start_cluster import Cluster, start_cluster, wait_for
from examples.pyspark.summarise_batches import with_rdd
from examples.workload.answers import SUMMARIES
from tools.drills import read_drill

#: What the executors get; the rest is as in the settings of the page.
SMALL = """\
spark.executor.memory            512m
spark.executor.pyspark.memory    2g
"""
#: For one application: it copies slow tasks and forgives no failure.
IMPATIENT = """\
spark.speculation                true
spark.task.maxFailures           1
"""


class Applications:
    """One application at a time on the cluster, opened by the adapter of the measuring harness."""

    def __init__(self, cluster: Cluster, home: Path) -> None:
        self.cluster, self.home = cluster, home
        self.engine: Adapter | None = None
        self.settings = ""

    def open(self, settings: str = "") -> SparkContext:
        """Return the context of an application with these further settings, the one that runs if it has them."""
        if self.engine is None or settings != self.settings:
            self.close()
            self.engine, self.settings = Adapter(), settings
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(write_settings, "DEFAULTS", write_settings.DEFAULTS + settings)
                self.engine.connect(self.cluster.url, self.home)
            wait_for(lambda: len(executors()) == 2)
        return self.engine._spark.sparkContext

    def close(self) -> None:
        """Stop the application; the master hears of it."""
        if self.engine is not None:
            self.engine.stop()
            self.engine = None
            wait_for(lambda: not self.cluster.status()["activeapps"])

    def forget(self) -> None:
        """Forget an application whose driver is gone; nothing can be stopped any more."""
        self.engine = None
        forget_spark()


@pytest.fixture(scope="module")
def cluster(home: Path) -> Iterator[Cluster]:
    """A master and two workers with one core each; executors inherit the environment of their worker."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(write_settings, "DEFAULTS", write_settings.DEFAULTS + SMALL)
        os.environ.update(write_settings.settings(home / "spark"))
        with start_cluster(home / "cluster") as started:
            yield started


@pytest.fixture(scope="module")
def applications(cluster: Cluster, home: Path) -> Iterator[Applications]:
    started = Applications(cluster, home)
    yield started
    started.close()


def test_no_master_is_one_clear_error(home):
    for address in ("spark://127.0.0.1:1", "127.0.0.1:7077", "nonsense", "spark://127.0.0.1:port"):
        with pytest.raises(ConnectionError, match=f"pyspark: no master answers at '{address}': "):
            Adapter().connect(address, home)


def executors() -> list[psutil.Process]:
    """Return the executors below this process."""
    found = []
    for process in psutil.Process().children(recursive=True):
        try:
            if "CoarseGrainedExecutorBackend" in " ".join(process.cmdline()):
                found.append(process)
        except psutil.Error:
            continue
    return found


def test_a_slow_task_with_speculation(applications, tmp_path):
    task = partial(slow_once, marks=tmp_path / "marks")
    assert applications.open(IMPATIENT).parallelize(range(4), 4).map(task).collect() == [0, 1, 2, 3]
    assert attempts(tmp_path / "marks")[3:] == read_drill("pyspark-duplicated-delivery-speculation")["effects"]


def fail(context: SparkContext, task, marks: Path) -> tuple[str, list[int]]:
    """Run a job of one task that fails; return the error and how often the task ran."""
    with pytest.raises(Exception) as failed:  # the types are Java's
        context.parallelize([5], 1).map(partial(task, marks=marks)).collect()
    return reason(failed.value), attempts(marks)


def test_a_poison_task_without_retries(applications, tmp_path):
    why, found = fail(applications.open(IMPATIENT), always_killed, tmp_path / "marks")
    assert "failed 1 times" in why
    assert found == read_drill("pyspark-poison-task-once")["effects"]


def test_the_shared_job_runs_on_both_workers(applications, tmp_path):
    context = applications.open()
    assert with_rdd(context, range(8)) == SUMMARIES
    (tmp_path / "gate").touch()
    assert count_by_parity(context, tmp_path, context.accumulator(0)) == {0: 2, 1: 2}
    assert runs(tmp_path, "map-*") == {1: 4} and runs(tmp_path, "reduce-*") == {1: 2}


def test_a_killed_python_worker(applications, tmp_path):
    task = partial(killed_once, marks=tmp_path / "once")
    assert applications.open().parallelize(range(8), 8).map(task).collect() == SUMMARIES
    found = attempts(tmp_path / "once")
    assert found == [1, 1, 1, 2, 1, 1, 1, 1]
    assert [found[3]] == read_drill("pyspark-worker-killed-python")["effects"]


def test_a_poison_task(applications, tmp_path):
    why, found = fail(applications.open(), always_killed, tmp_path / "marks")
    assert "failed 4 times" in why and "crashed" in why
    assert found == read_drill("pyspark-poison-task")["effects"]


def test_exhausted_memory(applications, tmp_path):
    why, found = fail(applications.open(), hoard, tmp_path / "marks")
    assert why.startswith("MemoryError")
    assert found == read_drill("pyspark-memory-exhausted")["effects"]


def test_a_slow_task(applications, tmp_path):
    task = partial(slow_once, marks=tmp_path / "marks", patience=2)
    assert applications.open().parallelize(range(4), 4).map(task).collect() == [0, 1, 2, 3]
    found = attempts(tmp_path / "marks")
    assert found == [1, 1, 1, 1]
    assert [found[3]] == read_drill("pyspark-duplicated-delivery-default")["effects"]


def test_a_killed_executor(applications, tmp_path):
    context = applications.open()
    seen = context.accumulator(0)
    with ThreadPoolExecutor(1) as pool:
        job = pool.submit(count_by_parity, context, tmp_path, seen)
        wait_for(lambda: len(places(tmp_path, "reduce-*")) == 2)
        (victim,) = places(tmp_path, "reduce-*")["reduce-0"]
        lost = [name for name, tries in places(tmp_path, "map-*").items() if tries == [victim]]
        psutil.Process(victim).kill()
        (tmp_path / "gate").touch()
        assert job.result(60) == {0: 2, 1: 2}
    tries = places(tmp_path, "map-*")
    assert lost
    assert {len(tries[name]) for name in lost} == set(read_drill("pyspark-worker-killed-executor")["effects"])
    assert runs(tmp_path, "map-*") == {1: 4 - len(lost), 2: len(lost)}
    assert seen.value == 4 + len(lost)  # each run of a map task is counted


def test_a_killed_master(cluster, applications, tmp_path):
    context = applications.open()
    with ThreadPoolExecutor(1) as pool:
        job = pool.submit(count_by_parity, context, tmp_path, context.accumulator(0))
        wait_for(lambda: len(places(tmp_path, "reduce-*")) == 2)
        cluster.kill("master")
        (tmp_path / "gate").touch()
        assert job.result(60) == {0: 2, 1: 2}
    assert list(runs(tmp_path, "*-*")) == read_drill("pyspark-coordinator-killed-master")["effects"]
    assert with_rdd(context, range(8)) == SUMMARIES  # a new job of the same application
    cluster.start_master()
    wait_for(lambda: cluster.has(workers=2))
    assert [app["id"] for app in cluster.status()["activeapps"]] == [context.applicationId]


def test_a_killed_driver(cluster, applications, tmp_path):
    """The driver is the JVM; this process is only its client, and lives."""
    context = applications.open()
    driver = SparkContext._gateway.proc
    with ThreadPoolExecutor(1) as pool:
        job = pool.submit(hold_tasks, context, tmp_path)
        wait_for(lambda: (tmp_path / "marks").exists() and attempts(tmp_path / "marks") == [1, 1])
        driver.kill()
        with pytest.raises((Py4JError, OSError)):
            job.result(60)
    applications.forget()
    wait_for(lambda: not cluster.status()["activeapps"])
    wait_for(lambda: not executors())
    begun = {int(file.name): file.stat().st_size for file in (tmp_path / "marks").iterdir()}
    found = {begun.get(number, 0) for number in range(4)}
    assert sorted(found) == read_drill("pyspark-coordinator-killed-driver")["effects"]
