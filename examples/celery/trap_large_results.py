"""Trap: a result is published to the caller, and Redis may cut off a subscriber for whom more than 32 MB wait."""

from __future__ import annotations

from examples.celery.connect_app import app


# region task
@app.task(name="repeat")
def repeat(size: int) -> str:
    """Return a text of *size* letters."""
    return "x" * size


# endregion task
