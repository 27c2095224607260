"""How often one large object is pickled: as an argument, as a reference, and inside a function."""

import numpy
import ray


# region table
class Table:
    """A large table that counts how often this process pickles it."""

    pickled = 0

    def __init__(self, thickness: numpy.ndarray) -> None:
        self.thickness = thickness

    def __reduce__(self):
        Table.pickled += 1
        return Table, (self.thickness,)


# endregion table


# region ways
@ray.remote
def thinner_than(table: Table, limit: float) -> int:
    """Return how many readings lie below *limit*."""
    return int((table.thickness < limit).sum())


def by_value(table: Table, limits: list[float]) -> list[int]:
    """The trap: every call pickles the table and stores another copy of it."""
    return ray.get([thinner_than.remote(table, limit) for limit in limits])


def by_reference(table: Table, limits: list[float]) -> list[int]:
    """The remedy: store the table once and pass its reference."""
    reference = ray.put(table)
    return ray.get([thinner_than.remote(reference, limit) for limit in limits])


def in_closure(table: Table, limits: list[float]) -> list[int]:
    """The trap again: a function defined anew for every call carries the table."""
    references = []
    for limit in limits:

        @ray.remote
        def count() -> int:
            return int((table.thickness < limit).sum())

        references.append(count.remote())
    return ray.get(references)


# endregion ways


def count_pickles(way, table: Table, limits: list[float]) -> tuple[list[int], int]:
    """Return the answers of *way* and how often it pickled the table."""
    before = Table.pickled
    answers = way(table, limits)
    return answers, Table.pickled - before
