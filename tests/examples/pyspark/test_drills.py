"""The fault drills, on a real cluster: a master and two workers in processes of their own.

The tests share the cluster and its applications, and stand in the order of the harm that they do.
"""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import psutil
import pytest

from examples.measure.probes import check
from examples.pyspark import write_settings
from examples.pyspark.count_attempts import always_killed, attempts, killed_once
from examples.pyspark.exceed_memory import hoard
from examples.pyspark.mark_places import count_by_parity, places, runs
from examples.pyspark.measure import Adapter
from examples.pyspark.read_error import reason
from examples.pyspark.run_twice import slow_once
from examples.pyspark.start_cluster import start_cluster, wait_for
from examples.pyspark.summarise_batches import with_frames, with_rdd
from examples.workload.answers import SUMMARIES
from tools.drills import read_drill

#: What the executors get; the rest is as in the settings of the page.
SMALL = """\
spark.executor.memory            512m
spark.executor.pyspark.memory    2g
"""
#: Settings of the second application.
IMPATIENT = """\
spark.speculation                true
spark.task.maxFailures           1
"""


@pytest.fixture(scope="module")
def cluster(home):
    """A master and two workers with one core each; executors inherit the environment of their worker."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(write_settings, "DEFAULTS", write_settings.DEFAULTS + SMALL)
        os.environ.update(write_settings.settings(home / "spark"))
        with start_cluster(home / "cluster") as started:
            yield started


def application(cluster, home):
    """Connect as the measuring harness does, and yield the context."""
    engine = Adapter()
    assert engine.connect(cluster.url, home) == 2
    try:
        check(engine)
        yield engine._spark.sparkContext
    finally:
        engine.stop()
        wait_for(lambda: not cluster.status()["activeapps"])


@pytest.fixture(scope="module")
def patient(cluster, home):
    """An application with Spark's defaults and an executor on each worker."""
    yield from application(cluster, home)


@pytest.fixture(scope="module")
def impatient(cluster, home):
    """An application that copies slow tasks and forgives none."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(write_settings, "DEFAULTS", write_settings.DEFAULTS + IMPATIENT)
        yield from application(cluster, home)


def effects(drill: str) -> list[int]:
    return read_drill(f"pyspark-{drill}")["effects"]


def test_no_master_is_one_clear_error(home):
    for address in ("spark://127.0.0.1:1", "127.0.0.1:7077", "nonsense", "spark://127.0.0.1:port"):
        with pytest.raises(ConnectionError, match=f"pyspark: no master answers at '{address}': "):
            Adapter().connect(address, home)


class TestPatient:
    """With the defaults of Spark."""

    def test_the_shared_job_runs_on_both_workers(self, patient, tmp_path):
        session = patient._jvm and __import__("pyspark").sql.SparkSession(patient)
        assert with_rdd(patient, range(8)) == with_frames(session, range(8)) == SUMMARIES
        (tmp_path / "gate").touch()
        assert count_by_parity(patient, tmp_path, patient.accumulator(0)) == {0: 2, 1: 2}
        assert runs(tmp_path, "map-*") == {1: 4} and runs(tmp_path, "reduce-*") == {1: 2}
        assert len({tries[0] for tries in places(tmp_path, "map-*").values()}) == 2


