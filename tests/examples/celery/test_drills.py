"""Fault drills: who dies when, under which setting, and how often the effect then happened."""

from __future__ import annotations

import signal
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
from celery.exceptions import TimeoutError

from examples.celery.charge_account import again, drill, early, late, retried
from examples.celery.connect_app import app
from examples.celery.leave_marks import count
from examples.celery.limit_tasks import fill, fill_late
from examples.celery.start_cluster import RUNNING, connect, kill_host, start, start_all, stop, wait_until
from tools.drills import read_drill

BROKER = "valkey-server --port $REDIS_PORT --bind 127.0.0.1"
WORKER = "celery -A {app} worker --without-mingle --without-gossip -c {slots} -n {name}@localhost -Q {name}"
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
    return start(f"{BROKER} --save ''")


@pytest.fixture(scope="module")
def worker(broker):
    return start(WORKER.format(app="examples.celery.connect_app", slots=1, name="drilled"))


def effects(drill_id: str) -> list[int]:
    return read_drill(drill_id)["effects"]


def folder(parent: Path, name: str) -> str:
    (parent / name).mkdir()
    return str(parent / name)


def charged(place: str) -> int:
    return count(place, "effects")


# A process of the pool is killed; its worker lives on.


def test_a_pool_process_is_killed(worker):
    seen = {task: [drill(task, die, queue="drilled") for die in ("before", "after")] for task in (early, late, again)}
    for task, drill_id, outcome in (
        (early, "celery-worker-killed-early", "WorkerLostError"),
        (late, "celery-worker-killed-late", "WorkerLostError"),
        (again, "celery-worker-killed-again", "charged"),
    ):
        assert seen[task] == [(outcome, number) for number in effects(drill_id)]


def test_a_poison_task(worker):
    assert drill(early, "always", queue="drilled") == ("WorkerLostError", *effects("celery-poison-task-early"))
    assert drill(retried, "always", queue="drilled") == ("WorkerLostError", *effects("celery-poison-task-retried"))


def test_a_poison_task_that_is_rejected_comes_back_without_end(worker, tmp_path):
    place = folder(tmp_path, "poison")
    result = again.apply_async((place, "always"), queue="drilled")
    wait_until(lambda: charged(place) > retried.max_retries + 1)
    assert result.state == "PENDING"
    app.control.revoke(result.id)
    wait_until(lambda: result.state == "REVOKED")
    assert drill(early, "", queue="drilled") == ("charged", 1)


# The whole worker is killed, in the middle of tasks whose effect has happened.


def test_a_whole_worker_is_killed(broker, tmp_path):
    impatient = WORKER.format(app="examples.celery.trap_visibility_timeout", slots=2, name="impatient")
    worker = start(impatient)
    places = {task: folder(tmp_path, task.name) for task in (early, late)}
    results = {task: task.apply_async((place,), {"seconds": 60}, queue="impatient") for task, place in places.items()}
    wait_until(lambda: all(map(charged, places.values())))
    waiting = folder(tmp_path, "waiting")
    reserved = early.apply_async((waiting,), queue="impatient")
    wait_until(lambda: connect().llen("impatient") == 0)  # the busy worker took it
    kill_host(worker)
    start(impatient)
    assert results[late].get(timeout=60) == "charged"
    assert [charged(places[late])] == effects("celery-worker-killed-host-late")
    assert reserved.get(timeout=60) == "charged"
    assert charged(waiting) == 1  # what was taken and not begun comes back even with early acknowledgment
    assert connect().hlen("unacked") == 0  # nobody will deliver the early one again
    with pytest.raises(TimeoutError):
        results[early].get(timeout=0.1)
    assert [charged(places[early])] == effects("celery-worker-killed-host-early")


def test_a_task_outlasts_the_visibility_timeout(broker, tmp_path):
    """On the worker that the test before this one started."""
    for key, drill_id in (("", "celery-duplicated-delivery-late"), ("7", "celery-duplicated-delivery-key")):
        place = folder(tmp_path, drill_id)
        sent = late.apply_async((place,), {"seconds": 60, "key": key}, queue="impatient")
        assert sent.get(timeout=60) == "charged"
        assert count(place, "attempts") == 2
        assert [charged(place)] == effects(drill_id)


# Memory.


def test_a_task_exhausts_memory(broker, home, tmp_path):
    Path("small.py").write_text(SMALL)
    line = "celery -A small worker --without-mingle --without-gossip -c 1 -Q small --max-memory-per-child 200000"
    workers = start_all([f"{line} -n {name}@localhost" for name in ("small", "smaller")])
    granted, early_one, late_one = (folder(tmp_path, name) for name in ("granted", "early", "late"))
    big = fill.apply_async((granted, 300), queue="small").get(timeout=60)
    assert [charged(granted)] == effects("celery-memory-exhausted-per-child")
    wait_until(lambda: len(pool := processes("small", "smaller")) == 2 and big not in pool)
    with pytest.raises(MemoryError):
        fill.apply_async((early_one, 2_000), queue="small").get(timeout=60)
    wait_until(lambda: sum(worker.poll() is not None for worker in workers) == 1)
    with pytest.raises(MemoryError):
        fill_late.apply_async((late_one, 2_000), queue="small").get(timeout=60)
    wait_until(lambda: all(worker.poll() is not None for worker in workers))
    assert [charged(early_one)] == effects("celery-memory-exhausted-early")
    assert [charged(late_one)] == effects("celery-memory-exhausted-late")
    assert connect().llen("small") == 1  # back in the queue, for the next worker
    for worker in workers:
        stop(worker)


def processes(*names: str) -> list[int]:
    """The processes of these workers' pools."""
    answers = app.control.inspect([f"{name}@localhost" for name in names], timeout=5).stats() or {}
    return [pid for one in answers.values() for pid in one["pool"]["processes"]]


# The broker is killed and started again; the tests above are done with it.


def test_the_broker_is_killed_while_a_task_runs(broker, worker, tmp_path):
    stop(broker)
    broker = start(f"{BROKER} --appendonly yes")
    assure_worker()
    assert charge_and_look(tmp_path, "polite") == 1
    place = folder(tmp_path, "running")
    result = early.apply_async((place,), {"seconds": 1}, queue="drilled")
    wait_until(lambda: charged(place))
    stop(broker, signal.SIGKILL)
    broker = start(f"{BROKER} --appendonly yes")
    wait_until(lambda: result.state == "SUCCESS")
    assure_worker()
    assert charge_and_look(tmp_path, "after") == 1
    assert [charged(place)] == effects("celery-coordinator-killed-running")


def test_the_broker_is_killed_while_tasks_wait(worker, tmp_path):
    """Without results, because this process would want to hear of them through a connection that is broken."""
    broker = RUNNING[-1]
    send = {"queue": "waiting", "ignore_result": True}
    for options, drill_id in (
        ("--dbfilename other.rdb", "celery-coordinator-killed-memory"),
        ("--appendonly yes", "celery-coordinator-killed-appendonly"),
    ):
        stop(broker)
        broker = start(f"{BROKER} {options}")
        place, behind = folder(tmp_path, drill_id), folder(tmp_path, f"{drill_id}-behind")
        early.apply_async((place,), **send)
        stop(broker, signal.SIGKILL)
        broker = start(f"{BROKER} {options}")
        early.apply_async((behind,), **send)
        assure_worker()
        tell_worker(app.control.add_consumer)
        wait_until(lambda place=behind: charged(place))
        assert [charged(place)] == effects(drill_id)
        tell_worker(app.control.cancel_consumer)


def charge_and_look(parent: Path, name: str) -> int:
    """Send a task, look for its result until it is there, and return how often the account was charged.

    Not by ``get``: it would hear of the result through a connection that the broker's end broke, or never.
    """
    place = folder(parent, name)
    result = early.apply_async((place,), queue="drilled")
    wait_until(lambda: result.state == "SUCCESS")
    return charged(place)


def assure_worker() -> None:
    """Put another in the place of a worker that came back with its broker and is deaf.

    Seen once with Celery 5.7.0, on a busy machine on 2026-11-27: it answered nobody and took no tasks.  What these
    drills count does not depend on it.
    """
    with app.connection_for_write() as connection:
        for _ in range(10):
            if app.control.ping(destination=["drilled@localhost"], timeout=3, connection=connection):
                return
    warnings.warn("the worker did not come back with its broker: another one was started", stacklevel=2)
    kill_host(next(server for server in reversed(RUNNING) if "drilled@localhost" in server.args))
    start(WORKER.format(app="examples.celery.connect_app", slots=1, name="drilled"))


def tell_worker(order: Callable) -> None:
    """Let the worker read the queue, or stop to; through a new connection, because the old ones are broken."""
    said: list = []
    with app.connection_for_write() as connection:
        options = {"destination": ["drilled@localhost"], "reply": True, "timeout": 5, "connection": connection}
        wait_until(lambda: said or said.extend(order("waiting", **options) or []))
