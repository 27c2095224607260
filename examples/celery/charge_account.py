"""One effect under three settings: who dies near it, and how often it then happens."""

from __future__ import annotations

import os
import signal
import tempfile
import time

from celery import Task

from examples.celery.connect_app import app
from examples.celery.leave_marks import count, leave


# region charge
def charge(folder: str, die: str = "", seconds: float = 0.0) -> str:
    """Charge an account: leave a mark.  *die* says when this process dies."""
    first = leave(folder, "attempts") == 1
    if first and die == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    leave(folder, "effects")
    if die == "always" or (first and die == "after"):
        os.kill(os.getpid(), signal.SIGKILL)
    if first:
        time.sleep(seconds)
    return "charged"


early = app.task(name="early")(charge)
late = app.task(name="late", acks_late=True)(charge)
again = app.task(name="again", acks_late=True, reject_on_worker_lost=True)(charge)
# endregion charge


# region drill
def drill(task: Task, die: str) -> tuple[str, int]:
    """Return the outcome of *task*, and how often the account was charged."""
    folder = tempfile.mkdtemp()
    try:
        outcome = task.delay(folder, die).get(timeout=60)
    except Exception as error:
        outcome = type(error).__name__
    return outcome, count(folder, "effects")


# endregion drill


# region limit
@app.task(bind=True, name="limited", acks_late=True, reject_on_worker_lost=True)
def limited(self: Task, folder: str, die: str = "") -> str:
    """Charge an account in two attempts at most, counted outside of the worker."""
    key = f"attempts:{self.request.id}"
    attempts = app.backend.client.incr(key)
    app.backend.client.expire(key, 86_400)
    if attempts > 2:
        raise RuntimeError("set aside after two attempts")
    return charge(folder, die)


# endregion limit
