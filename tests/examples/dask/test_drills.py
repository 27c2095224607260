"""Fault drills on clusters of separate processes: how often the effect took place, and what the caller saw."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from distributed import Client, Future, KilledWorker, Nanny, wait
from distributed.client import FutureCancelledError

from examples.dask.repeat_effect import send_and_outgrow, send_report
from examples.dask.start_cluster import PATIENCE, run, start_cluster, stop
from examples.dask.survive_killed_worker import always_killed
from tools.drills import read_drill

#: What the rows with another setting than the default changed, all at once: no drill depends on two of them.
CHANGED = {
    "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0",
    "DASK_DISTRIBUTED__SCHEDULER__ACTIVE_MEMORY_MANAGER__START": "False",
    "DASK_DISTRIBUTED__WORKER__MEMORY__TERMINATE": "False",
}

#: Memory of a worker, and what a task takes that outgrows it, in MB.
LIMIT, TOO_MUCH = 400, 600


@pytest.fixture(scope="module")
def default(home) -> Iterator[Client]:
    """Two workers with a nanny each, and nothing configured that concerns failures."""
    with start_cluster(home, 2, "--memory-limit", f"{LIMIT}MB") as (address, _), Client(address) as client:
        yield client


@pytest.fixture(scope="module")
def changed(home) -> Iterator[Client]:
    """The same cluster, with other settings."""
    with start_cluster(home, 2, "--memory-limit", f"{LIMIT}MB", **CHANGED) as (address, _), Client(address) as client:
        yield client


@pytest.fixture
def outbox(tmp_path) -> Path:
    return tmp_path / "outbox"


def test_worker_killed_default(default, outbox):
    future = start(default, outbox)
    kill_worker_of(default, future)
    assert future.result(PATIENCE) == "sent"
    agree("dask-worker-killed-default", outbox)


def test_result_lost_default(default, outbox):
    ready(default)
    future = default.submit(send_report, outbox, pure=False)
    wait(future, PATIENCE)
    # A second copy does not stay: the active memory manager drops it.
    default.replicate([future], n=2)
    default.amm.run_once()
    until(lambda: len(default.who_has(future)[future.key]) == 1)
    kill_worker_of(default, future)
    assert future.result(PATIENCE) == "sent"
    agree("dask-result-lost-default", outbox)


def test_poison_task_default(default, outbox):
    ready(default)
    assert isinstance(default.submit(always_killed, outbox).exception(PATIENCE), KilledWorker)
    agree("dask-poison-task-default", outbox)


def test_memory_exhausted_default(default, outbox):
    ready(default)
    future = default.submit(send_and_outgrow, outbox, TOO_MUCH, 30)
    assert isinstance(future.exception(PATIENCE), KilledWorker)
    agree("dask-memory-exhausted-default", outbox)


def test_worker_killed_no_failures(changed, outbox):
    future = start(changed, outbox)
    kill_worker_of(changed, future)
    error = future.exception(PATIENCE)
    assert isinstance(error, KilledWorker)
    assert error.task == future.key
    agree("dask-worker-killed-no-failures", outbox)


def test_result_lost_replicated(changed, outbox):
    ready(changed)
    future = changed.submit(send_report, outbox, pure=False)
    wait(future, PATIENCE)
    changed.replicate([future], n=2)
    assert len(changed.who_has(future)[future.key]) == 2
    kill_worker_of(changed, future)
    assert future.result(PATIENCE) == "sent"
    agree("dask-result-lost-replicated", outbox)


def test_poison_task_no_failures(changed, outbox):
    assert isinstance(changed.submit(always_killed, outbox).exception(PATIENCE), KilledWorker)
    agree("dask-poison-task-no-failures", outbox)


def test_memory_exhausted_no_terminate(changed, outbox):
    assert changed.submit(send_and_outgrow, outbox, TOO_MUCH, 1).result(PATIENCE) == TOO_MUCH * 10**6
    agree("dask-memory-exhausted-no-terminate", outbox)


def test_scheduler_killed(home, outbox, tmp_path):
    with start_cluster(home) as (address, [scheduler, *nannies]), Client(address) as client:
        finished = client.submit(send_report, tmp_path / "other", pure=False)
        assert finished.result(PATIENCE) == "sent"
        future = start(client, outbox)
        scheduler.kill()
        scheduler.wait()
        for lost in (future, finished):
            with pytest.raises(FutureCancelledError, match="scheduler-connection-lost"):
                lost.result(PATIENCE)
        successor = run("scheduler", "--port", address.rpartition(":")[2])
        try:
            assert [nanny.wait(PATIENCE) for nanny in nannies] == [0, 0]
            until(lambda: client.status == "running")
            assert not client.scheduler_info()["workers"]
        finally:
            stop([successor])
        agree("dask-scheduler-killed", outbox)


def ready(client: Client) -> None:
    """Wait for two workers whose nannies have noted their start: one that dies before is not started again."""
    client.wait_for_workers(2, PATIENCE)
    until(lambda: set(client.run(status_of, nanny=True, on_error="ignore").values()) == {"running"})


def status_of(dask_worker: Nanny) -> str:
    """Return the status of a nanny; the argument's name makes Dask fill it in."""
    return dask_worker.status.name


def start(client: Client, outbox: Path) -> Future:
    """Submit a task that does its deed at once and then works on, and return when the deed is done."""
    ready(client)
    future = client.submit(send_report, outbox, 2, pure=False)
    until(outbox.exists)
    return future


def kill_worker_of(client: Client, future: Future) -> None:
    """Kill a worker that runs the task or holds its result, and return when the scheduler has seen that."""
    if future.done():
        address = client.who_has(future)[future.key][0]
    else:
        (address,) = (worker for worker, keys in client.processing().items() if future.key in keys)
    os.kill(client.run(os.getpid, workers=[address])[address], signal.SIGKILL)
    until(lambda: address not in client.scheduler_info()["workers"])


def until(happens: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not happens():
        assert time.monotonic() < deadline, "did not happen"
        time.sleep(0.05)


def agree(drill: str, outbox: Path) -> None:
    """The effect took place as often as the register says."""
    assert outbox.stat().st_size in read_drill(drill)["effects"]
