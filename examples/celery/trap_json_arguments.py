"""Trap: arguments travel as JSON, which turns the keys of a dictionary into text."""

from __future__ import annotations

from examples.celery.connect_app import app


# region count
@app.task
def count_thin(batch: list, limits: dict) -> int:
    """Count the readings below the limit of their member."""
    return sum(mm < limits.get(member, 0.0) for member, mm in batch)


@app.task
def count_thin_pairs(batch: list, limits: list) -> int:
    """The same, with limits as pairs: JSON has lists of numbers."""
    table = dict(limits)
    return sum(mm < table.get(member, 0.0) for member, mm in batch)


# endregion count


@app.task
def echo(value: object) -> object:
    """Return what arrived."""
    return value
