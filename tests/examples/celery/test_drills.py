"""Fault drills: who dies when, under which setting, and how often the effect then happened."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from examples.celery.charge_account import again, drill, early, late, limited
from examples.celery.connect_app import app
from examples.celery.leave_marks import count
from examples.celery.limit_tasks import fill
from examples.celery.start_cluster import children, connect, start, stop, wait_until

WORKER = "celery -A {app} worker --without-mingle --without-gossip -c 1 -n {name}@localhost -Q {queue}"
#: The app of the chapter with a visibility timeout, and a search for what it hides, that a test can wait for.
IMPATIENT = """\
from examples.celery.connect_app import app

app.conf.broker_transport_options = {
    "visibility_timeout": 1, "unacked_restore_interval": 1, "unacked_restore_throttle": 1
}
"""
#: The app of the chapter in pool processes that may map 1 GB of memory.
SMALL = """\
import resource
from celery.signals import worker_process_init
from examples.celery.connect_app import app

@worker_process_init.connect
def limit(**_):
    resource.setrlimit(resource.RLIMIT_AS, (10**9, 10**9))
"""


@pytest.fixture(scope="module", autouse=True)
def broker(home):
    yield start("valkey-server --port $REDIS_PORT --bind 127.0.0.1 --save ''")


@pytest.fixture(scope="module")
def worker(broker):
    yield start(WORKER.format(app="examples.celery.connect_app", name="drilled", queue="celery"))


# A process of the pool is killed; the worker lives on.


@pytest.mark.parametrize(
    ("task", "die", "outcome", "effects"),
    [
        (early, "before", "WorkerLostError", 0),
        (early, "after", "WorkerLostError", 1),
        (late, "before", "WorkerLostError", 0),
        (late, "after", "WorkerLostError", 1),
        (again, "before", "charged", 1),
        (again, "after", "charged", 2),
        (early, "always", "WorkerLostError", 1),
        (late, "always", "WorkerLostError", 1),
        (limited, "after", "charged", 2),
        (limited, "always", "RuntimeError", 2),
    ],
    ids=lambda value: getattr(value, "name", value),
)
def test_a_process_of_the_pool_is_killed(worker, task, die, outcome, effects):
    assert drill(task, die) == (outcome, effects)


def test_a_poison_task_that_is_rejected_comes_back_without_end(worker, tmp_path):
    folder = str(tmp_path)
    result = again.delay(folder, "always")
    wait_until(lambda: count(folder, "effects") >= 6)
    assert result.state == "PENDING"
    app.control.revoke(result.id)
    wait_until(lambda: result.state == "REVOKED")
    assert drill(early, "") == ("charged", 1)


# The whole worker is killed, in the middle of a task whose effect has happened.


@pytest.mark.parametrize(("task", "effects"), [(early, 1), (late, 2), (again, 2)], ids=lambda value: str(value))
def test_a_worker_is_killed(broker, home, tmp_path, task, effects):
    Path("impatient.py").write_text(IMPATIENT)
    begun, waiting = tmp_path / "begun", tmp_path / "waiting"
    begun.mkdir()
    waiting.mkdir()
    queue = f"killed-{task.name}"
    first = start(WORKER.format(app="impatient", name="first", queue=queue))
    result = task.apply_async((str(begun), "", 60), queue=queue)
    wait_until(lambda: count(str(begun), "effects") == 1)
    reserved = early.apply_async((str(waiting),), queue=queue)
    wait_until(lambda: connect().llen(queue) == 0)  # the busy worker took it
    pool = children(first)
    stop(first, signal.SIGKILL)
    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pool))
    second = start(WORKER.format(app="impatient", name="second", queue=queue))
    assert reserved.get(timeout=60) == "charged"
    assert count(str(waiting), "effects") == 1
    if effects == 2:
        assert result.get(timeout=60) == "charged"
    else:
        assert result.state == "PENDING"
        assert connect().hlen("unacked") == 0  # nobody will deliver it again
    assert count(str(begun), "effects") == effects
    stop(second)


def test_a_worker_that_is_asked_to_stop_hands_back_what_it_did_not_begin(broker, home, tmp_path):
    begun, waiting = tmp_path / "begun", tmp_path / "waiting"
    begun.mkdir()
    waiting.mkdir()
    first = start(WORKER.format(app="examples.celery.connect_app", name="polite", queue="polite"))
    result = early.apply_async((str(begun), "", 2), queue="polite")
    wait_until(lambda: count(str(begun), "effects") == 1)
    early.apply_async((str(waiting),), queue="polite")
    wait_until(lambda: connect().llen("polite") == 0)
    stop(first)
    assert result.get(timeout=10) == "charged"
    assert (count(str(waiting), "effects"), connect().llen("polite")) == (0, 1)


# Memory.


def test_a_task_that_may_not_have_the_memory_fails_and_the_worker_goes_on(broker, home):
    Path("small.py").write_text(SMALL)
    small = start(WORKER.format(app="small", name="small", queue="small"))
    with pytest.raises(MemoryError):
        fill.apply_async((2_000,), queue="small").get(timeout=60)
    assert fill.apply_async((1,), queue="small").get(timeout=60)
    stop(small)
