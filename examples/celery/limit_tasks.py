"""Tasks that take too long or too much memory, for a worker that has limits."""

from __future__ import annotations

import os
import time

from celery.exceptions import SoftTimeLimitExceeded

from examples.celery.connect_app import app
from examples.celery.leave_marks import leave


# region tasks
@app.task
def stall(folder: str, seconds: float) -> str:
    """Take some time, and clean up whatever happens; or so it seems."""
    try:
        time.sleep(seconds)
    except SoftTimeLimitExceeded:
        return "out of time"
    finally:
        leave(folder, "cleaned")
    return "done"


@app.task
def fill(megabytes: int) -> int:
    """Hold some memory; return the id of the process that did."""
    block = bytearray(b"x") * (megabytes * 10**6)
    return os.getpid() if block else 0


# endregion tasks
