"""A task whose work is smaller than the cost of a task, and the same work in batches."""

import ray


# region tiny
@ray.remote
def to_inches(millimeters: float) -> float:
    """One conversion: far less work than it takes to schedule it."""
    return millimeters / 25.4


@ray.remote
def all_to_inches(millimeters: list[float]) -> list[float]:
    """A batch of conversions: the task's cost is shared."""
    return [value / 25.4 for value in millimeters]


def one_by_one(values: list[float]) -> list[float]:
    """The trap: as many tasks as values."""
    return ray.get([to_inches.remote(value) for value in values])


def in_batches(values: list[float], size: int) -> list[float]:
    """The remedy: one task for *size* values."""
    batches = [values[start : start + size] for start in range(0, len(values), size)]
    results = ray.get([all_to_inches.remote(batch) for batch in batches])
    return [inches for result in results for inches in result]


# endregion tiny
