"""Tasks that take too long or too much memory, and what then becomes of their worker."""

from __future__ import annotations

import os
import time

from celery.exceptions import SoftTimeLimitExceeded

from examples.celery.connect_app import app
from examples.celery.leave_marks import leave


# region stall
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


# endregion stall


def hold(folder: str, megabytes: int) -> int:
    """Hold some memory, leave a mark; return the id of the process."""
    block = bytearray(b"x") * (megabytes * 10**6)
    leave(folder, "effects")
    return os.getpid() if block else 0


fill = app.task(name="fill")(hold)
fill_late = app.task(name="fill_late", acks_late=True)(hold)
