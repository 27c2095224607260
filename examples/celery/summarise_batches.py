"""Run the CPU shape of the shared job: a task for each batch, results in the order of the batches."""

from __future__ import annotations

from celery import group

from examples.celery.connect_app import app
from examples.workload.inspection import Batch, Summary, summarise


# region tasks
@app.task
def summarise_batch(batch: Batch) -> Summary:
    """Summarize one batch, in whichever worker takes the message."""
    return summarise(batch)


def summarise_all(batches: list[Batch]) -> list[Summary]:
    """Send a task for each batch and wait for all results."""
    tasks = group(summarise_batch.s(batch) for batch in batches)
    return tasks.apply_async().get(timeout=60)


# endregion tasks
