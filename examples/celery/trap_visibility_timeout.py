"""Trap: a task that takes longer than the visibility timeout is delivered again, though nobody died."""

from __future__ import annotations

import time

from celery import Celery

from examples.celery.leave_marks import claim, leave

# region app
app = Celery("impatient")
app.conf.task_acks_late = True
app.conf.broker_transport_options = {
    "visibility_timeout": 1,  # seconds
    "unacked_restore_interval": 1,  # seconds between two looks
    "unacked_restore_throttle": 1,  # every look counts
}


@app.task(name="charge_slowly")
def charge_slowly(folder: str, key: str | None = None) -> str:
    """Charge an account; the first attempt takes its time."""
    attempt = leave(folder, "attempts")
    if key is None or claim(folder, key):
        leave(folder, "effects")
    if attempt == 1:
        time.sleep(4)
    return f"charged at attempt {attempt}"


# endregion app
