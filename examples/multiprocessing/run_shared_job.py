"""Run the CPU shape of the shared job in a pool of processes."""

from __future__ import annotations

# region run
import multiprocessing
from collections.abc import Iterable

from examples.workload.inspection import Summary, inspect_batch


def run(numbers: Iterable[int], workers: int = 2) -> list[Summary]:
    """Return the summaries of the batches *numbers*, in their order."""
    with multiprocessing.Pool(workers) as pool:
        return pool.map(inspect_batch, numbers)


if __name__ == "__main__":
    print(run(range(8)))
# endregion run
