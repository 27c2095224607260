"""The shared job on Ray: one task a batch, submitted together, collected in order."""

import ray

from examples.workload.inspection import Batch, Summary, summarise


# region tasks
@ray.remote
def summarise_one(batch: Batch) -> Summary:
    """Summarise one batch in a worker process."""
    return summarise(batch)


def summarise_all(batches: list[Batch]) -> list[Summary]:
    """Submit every batch, then wait for all; results come in the order of the batches."""
    references = [summarise_one.remote(batch) for batch in batches]
    return ray.get(references)


# endregion tasks
