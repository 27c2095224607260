"""A cluster of two nodes, in processes of their own: what runs on it unchanged, and what it does when parts of it die.

The tests share one cluster and run in the order of this file: the second node dies in one of them, the GCS in the last.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context, resource_tracker
from pathlib import Path

import pytest

from examples.ray import outgrow_machine, survive_faults
from examples.ray.start_nodes import CLUSTER, NODE, Nodes
from examples.ray.survive_faults import count
from examples.workload.answers import SUMMARIES
from examples.workload.inspection import inspect_batch
from tools.drills import read_drill

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Ray's clusters run on Linux")

LONELY = """
import sys
from pathlib import Path
from examples.ray.survive_faults import connect, outlive_gcs

connect(sys.argv[1])
try:
    outlive_gcs(int(sys.argv[2]), Path(sys.argv[3]))
finally:
    print("cleaned up", flush=True)
"""
STRANGER = "import ray, sys; ray.init(sys.argv[1], logging_level='ERROR')"


@pytest.fixture(scope="module")
def nodes(home):
    """A head and a second node; the GCS keeps its state in a database, and a dead node is noticed sooner than usual."""
    with tempfile.TemporaryDirectory(prefix="ray-", dir="/tmp", ignore_cleanup_errors=True) as folder:
        nodes = Nodes(
            Path(folder),
            RAY_gcs_storage="rocksdb",
            RAY_gcs_storage_path=f"{folder}/gcs",
            RAY_health_check_period_ms="300",
        )
        try:
            nodes.start("first")
            nodes.start("second")
            yield nodes
        finally:
            nodes.kill()


@pytest.fixture(scope="module")
def stranger(nodes):
    """A driver that has no token; Ray lets it try for half a minute, so it does that beside the drills."""
    environment = os.environ | {
        CLUSTER: str(nodes.folder),
        NODE: "stranger",
        "RAY_gcs_rpc_server_connect_timeout_s": "1",
    }
    command = [sys.executable, "-c", STRANGER, nodes.address]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        yield process
        process.kill()


@pytest.fixture(scope="module")
def drive(nodes, stranger):
    """Call a function in a driver, which is a process of its own: it may not take over the token of another Ray."""
    resource_tracker.ensure_running()  # before its environment has the mark of a driver
    driver = {CLUSTER: str(nodes.folder), NODE: "driver", "RAY_task_oom_retry_delay_base_ms": "100"}
    os.environ.update(nodes.settings | driver)
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:

        def call(function, *arguments, **options):
            return pool.submit(function, *arguments, **options).result(timeout=240)

        call(survive_faults.connect, nodes.address)
        try:
            yield call
        finally:
            nodes.kill("driver")


@pytest.mark.parametrize("way", ["by_tasks", "by_pool", "by_joblib"])
def test_same_function_on_two_nodes(drive, way):
    run = getattr(outgrow_machine, way)
    assert drive(run, inspect_batch, range(8)) == SUMMARIES
    assert set(drive(run, outgrow_machine.where, range(8))) == {"127.0.0.2", "127.0.0.3"}


def test_task_goes_to_its_data(drive):
    second = drive(survive_faults.find_node, "second")
    assert [drive(outgrow_machine.follow_data, second) for _ in range(3)] == [second] * 3


def test_worker_killed(drive, tmp_path):
    for name, options, seen in (
        ("ray-worker-killed", {}, "done"),
        ("ray-worker-killed-no-retry", {"max_retries": 0}, "WorkerCrashedError"),
    ):
        assert drive(survive_faults.kill_worker, tmp_path / name, **options) == seen
        assert count(tmp_path / name) in read_drill(name)["effects"]


def test_effect_twice(drive, tmp_path):
    for name, options, seen in (
        ("ray-effect-twice", {}, "done"),
        ("ray-effect-twice-no-retry", {"max_retries": 0}, "WorkerCrashedError"),
    ):
        assert drive(survive_faults.die_after_effect, tmp_path / name, 1, **options) == seen
        assert count(tmp_path / name) in read_drill(name)["effects"]


def test_actor_dies(drive, tmp_path):
    for name, options, seen in (
        ("ray-actor-effect", {}, "ActorDiedError"),
        ("ray-actor-effect-twice", {"max_restarts": 1, "max_task_retries": -1}, "done"),
    ):
        assert drive(survive_faults.call_actor, tmp_path / name, **options) == seen
        assert count(tmp_path / name) in read_drill(name)["effects"]


def test_poison_task(drive, tmp_path):
    name = "ray-poison-task"
    assert drive(survive_faults.die_after_effect, tmp_path / name, 99) == "WorkerCrashedError"
    assert count(tmp_path / name) in read_drill(name)["effects"]


def test_node_lost(nodes, drive, tmp_path):
    names, retries = ["ray-node-killed", "ray-node-killed-no-retry"], [3, 0]
    second = drive(survive_faults.find_node, "second")
    logs = [tmp_path / name for name in names]
    seen = drive(survive_faults.lose_node, second, logs, retries, partial(nodes.kill, "second"))
    assert seen == ["ndarray", "ObjectReconstructionFailedError"]
    for name, log in zip(names, logs, strict=True):
        assert count(log) in read_drill(name)["effects"]


@pytest.fixture
def small(nodes, drive):
    """A node whose limit lies below what the machine uses without it, looked at every other second.

    So a small task does there what a huge one does elsewhere, and other programs of this machine come to no harm.
    It ends with its test: whatever ran there later would be killed too.
    """
    nodes.start("small", RAY_memory_usage_threshold="0.001", RAY_memory_monitor_refresh_ms="2000")
    yield
    nodes.kill("small")
    drive(survive_faults.wait_until_dead, "small")


def test_memory_exhausted(small, drive, tmp_path):
    name = "ray-memory-monitor"
    attempts = max(read_drill(name)["effects"])
    seen = drive(survive_faults.fill_memory_until, tmp_path / name, attempts, max_retries=1)
    assert seen == "TaskCancelledError"
    assert count(tmp_path / name) in read_drill(name)["effects"]
    name = "ray-memory-monitor-no-retry"
    assert drive(survive_faults.fill_memory, tmp_path / name, max_retries=0) == "OutOfMemoryError"
    assert count(tmp_path / name) in read_drill(name)["effects"]


def test_memory_limited(drive, tmp_path):
    name = "ray-memory-limit"
    assert drive(survive_faults.exceed_limit, tmp_path / name) == "RayTaskError(MemoryError)"
    assert count(tmp_path / name) in read_drill(name)["effects"]


def test_stranger_is_refused(stranger):
    output, _ = stranger.communicate(timeout=120)
    assert stranger.returncode == 1
    assert b"ConnectionError: Failed to connect to Ray cluster" in output


def test_gcs_restarted(nodes, drive, tmp_path):
    name = "ray-gcs-restarted"
    found = drive(survive_faults.restart_gcs, nodes.gcs().pid, tmp_path / name, nodes.folder / "gcs.out")
    assert found == {"task": "done", "actor meanwhile": 1, "new actor": 1, "actor after": 2}
    assert count(tmp_path / name) in read_drill(name)["effects"]


def test_gcs_killed(nodes, drive, tmp_path):
    name = "ray-gcs-killed"
    environment = os.environ | {"RAY_gcs_rpc_server_reconnect_timeout_s": "3"}
    command = [sys.executable, "-c", LONELY, nodes.address, str(nodes.gcs().pid), str(tmp_path / name)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1
    assert "Failed to connect to GCS" in done.stderr
    assert "cleaned up" not in done.stdout
    assert (tmp_path / name).with_suffix(".seen").read_text() == "done"
    assert count(tmp_path / name) in read_drill(name)["effects"]
