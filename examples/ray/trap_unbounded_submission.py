"""Submitting faster than the workers finish, and ``ray.wait`` as the brake."""

from collections.abc import Iterable, Iterator

import ray

from examples.workload.inspection import Summary, inspect_batch


# region submission
@ray.remote
def inspect(number: int) -> Summary:
    """Make one batch in the worker and summarise it."""
    return inspect_batch(number)


def submit_everything(numbers: Iterable[int]) -> Iterator[Summary]:
    """The trap: all of the input is pending before the first result is used."""
    references = [inspect.remote(number) for number in numbers]
    for reference in references:
        yield ray.get(reference)


def submit_bounded(numbers: Iterable[int], limit: int) -> Iterator[Summary]:
    """The remedy: at most *limit* tasks are pending; results come as they finish."""
    pending: list[ray.ObjectRef] = []
    for number in numbers:
        pending.append(inspect.remote(number))
        if len(pending) == limit:
            ready, pending = ray.wait(pending, num_returns=1)
            yield ray.get(ready[0])
    while pending:
        ready, pending = ray.wait(pending, num_returns=1)
        yield ray.get(ready[0])


# endregion submission


class Counted:
    """An input that knows how much of it was taken."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.taken = 0

    def __iter__(self) -> Iterator[int]:
        for number in range(self.total):
            self.taken += 1
            yield number
