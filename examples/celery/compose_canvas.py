"""Tasks that are made of tasks: chains, groups, chords and chunks."""

from __future__ import annotations

from celery import chord, group

from examples.celery.connect_app import app
from examples.workload.inspection import Summary, inspect_batch


# region tasks
@app.task
def inspect(number: int) -> Summary:
    """Summarize batch *number*, which is made where the work is done."""
    return inspect_batch(number)


@app.task
def thinnest(summaries: list[Summary]) -> float:
    """Return the smallest reading of all batches."""
    return min(summary["minimum"] for summary in summaries)


@app.task
def margin(thickness: float, limit: float) -> float:
    """Return by how much *thickness* exceeds *limit*."""
    return round(thickness - limit, 3)


# endregion tasks


# region canvas
def thinnest_of(numbers: range) -> float:
    """Inspect batches in parallel; a further task takes all summaries."""
    header = group(inspect.s(number) for number in numbers)
    return chord(header, thinnest.s()).apply_async().get(timeout=60)


def margin_of(numbers: range, limit: float) -> float:
    """The same, and one more step: a chord inside a chain."""
    header = group(inspect.s(number) for number in numbers)
    steps = chord(header, thinnest.s()) | margin.s(limit)
    return steps.apply_async().get(timeout=60)


# endregion canvas


@app.task
def double(number: int) -> int:
    """Return twice *number*; the smallest task of this chapter."""
    return 2 * number
