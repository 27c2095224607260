"""Run the CPU shape of the shared job; to be written: with concurrent-futures."""

from __future__ import annotations

from collections.abc import Iterable

from examples.workload.inspection import Summary, make_batch, summarise


# region run
def run(numbers: Iterable[int]) -> list[Summary]:
    """Return the summaries of the batches *numbers*, in their order."""
    return [summarise(make_batch(number)) for number in numbers]


# endregion run
