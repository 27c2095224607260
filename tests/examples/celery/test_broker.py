"""The broker is killed: which tasks are there afterwards, and how often their effect happened."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from examples.celery.charge_account import again, drill, early, late
from examples.celery.leave_marks import count
from examples.celery.start_cluster import connect, start, stop, wait_until

BROKER = "valkey-server --port $REDIS_PORT --bind 127.0.0.1 {options}"
WORKER = "celery -A examples.celery.connect_app worker --without-mingle --without-gossip -c 1 -n {name}@localhost"


@pytest.fixture
def empty(home):
    """No log of an earlier broker."""
    for path in Path().rglob("*.aof*"):
        path.unlink()
    for path in Path().glob("dump.rdb"):
        path.unlink()


@pytest.mark.parametrize(("options", "kept"), [("--save ''", 0), ("", 0), ("--appendonly yes", 3)])
def test_tasks_that_wait_when_the_broker_is_killed(empty, tmp_path, options, kept):
    broker = start(BROKER.format(options=options))
    for _ in range(3):
        early.apply_async((str(tmp_path),), queue="waiting")
    assert connect().llen("waiting") == 3
    stop(broker, signal.SIGKILL)
    broker = start(BROKER.format(options=options))
    assert connect().llen("waiting") == kept
    if kept:
        worker = start(WORKER.format(name="late") + " -Q waiting")
        wait_until(lambda: count(str(tmp_path), "effects") == kept)
        stop(worker)
    stop(broker)


@pytest.mark.parametrize(("task", "effects"), [(early, 1), (late, 1), (again, 1)], ids=lambda value: str(value))
def test_a_task_that_runs_when_the_broker_is_killed(empty, tmp_path, task, effects):
    broker = start(BROKER.format(options="--appendonly yes"))
    worker = start(WORKER.format(name="loyal"))
    result = task.delay(str(tmp_path), "", 3)
    wait_until(lambda: count(str(tmp_path), "effects") == 1)
    stop(broker, signal.SIGKILL)
    broker = start(BROKER.format(options="--appendonly yes"))
    wait_until(lambda: result.state == "SUCCESS")
    assert drill(early, "") == ("charged", 1)  # the worker came back on its own
    assert count(str(tmp_path), "effects") == effects
    stop(worker)
    stop(broker)
