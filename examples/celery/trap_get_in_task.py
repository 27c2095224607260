"""Trap: a task that waits for another task occupies the process that the other one needs."""

from __future__ import annotations

from examples.celery.compose_canvas import double
from examples.celery.connect_app import app


# region tasks
@app.task
def ask_inside(number: int) -> int:
    """Wait inside a task, as if it were an ordinary program."""
    return double.delay(number).get(timeout=2)


@app.task
def insist(levels: int) -> int:
    """The same with the safety catch off, as many levels deep as asked."""
    if not levels:
        return 0
    inner = insist.delay(levels - 1)
    return 1 + inner.get(timeout=2, disable_sync_subtasks=False)


# endregion tasks
