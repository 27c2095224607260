"""One effect under four settings: who dies near it, and how often it then happens."""

from __future__ import annotations

import os
import signal
import tempfile
import time

from celery import Task

from examples.celery.connect_app import app
from examples.celery.leave_marks import claim, count, leave


# region charge
def charge(folder: str, die: str = "", key: str = "", seconds: float = 0) -> str:
    """Charge an account: leave a mark, only one for each *key* if given.

    *die* says when this process is killed: in its first attempt "before" or
    "after" the charge, or "always" after it.  The first attempt takes some
    *seconds*, or until there is a second one.
    """
    first = leave(folder, "attempts") == 1
    if first and die == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    if not key or claim(folder, key):
        leave(folder, "effects")
    if die == "always" or (first and die == "after"):
        os.kill(os.getpid(), signal.SIGKILL)
    end = time.monotonic() + seconds if first else 0
    while time.monotonic() < end and count(folder, "attempts") == 1:
        time.sleep(0.02)
    return "charged"


again_if_lost = {"acks_late": True, "reject_on_worker_lost": True}
retry_if_lost = {"retry_on_worker_lost": True, "max_retries": 2, "default_retry_delay": 0}

early = app.task(name="early")(charge)
late = app.task(name="late", acks_late=True)(charge)
again = app.task(name="again", **again_if_lost)(charge)
retried = app.task(name="retried", **retry_if_lost)(charge)
# endregion charge


# region drill
def drill(task: Task, die: str, **options) -> tuple[str, int]:
    """Return the outcome of *task*, and how often the account was charged."""
    folder = tempfile.mkdtemp()
    try:
        outcome = task.apply_async((folder, die), **options).get(timeout=60)
    except Exception as error:
        outcome = type(error).__name__
    return outcome, count(folder, "effects")


# endregion drill
