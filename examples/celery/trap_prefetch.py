"""Trap: a worker that is busy with a long task takes short ones from the queue and sits on them."""

from __future__ import annotations

import time
from pathlib import Path

from examples.celery.connect_app import app


# region tasks
@app.task(name="long")
def long(gate: str) -> str:
    """Run until somebody opens the gate."""
    while not Path(gate).exists():
        time.sleep(0.02)
    return "long"


@app.task(name="short", bind=True)
def short(self) -> str:
    """Return at once, and say where."""
    return self.request.hostname


# endregion tasks
