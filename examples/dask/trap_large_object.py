"""Trap: a large object passed to every task is packed into every graph; ``scatter`` sends it once."""

from __future__ import annotations

from pathlib import Path

from distributed import Client


# region table
class AllowanceTable:
    """A large lookup table that leaves a mark in a file each time that a process unpickles it."""

    def __init__(self, marks: Path, data: bytes) -> None:
        self.marks, self.data = marks, data

    def __reduce__(self):
        return arrive, (self.marks, self.data)

    def __sizeof__(self) -> int:  # Dask asks for it before it decides where to run a task
        return len(self.data)


def arrive(marks: Path, data: bytes) -> AllowanceTable:
    """Rebuild the table in another process, and leave a mark."""
    with marks.open("ab", buffering=0) as file:
        file.write(b".")
    return AllowanceTable(marks, data)


# endregion table


def allowance(table: AllowanceTable, member: int) -> int:
    """Return the allowance of *member*."""
    return table.data[member]


# region submit
def embed(client: Client, table: AllowanceTable) -> list[int]:
    """Pass the table itself: each of eight graphs carries all of it."""
    futures = [client.submit(allowance, table, member) for member in range(8)]
    return client.gather(futures)


def scatter(client: Client, table: AllowanceTable) -> list[int]:
    """Send the table to a worker once and pass its future."""
    on_worker = client.scatter(table)
    futures = [client.submit(allowance, on_worker, member) for member in range(8)]
    return client.gather(futures)


# endregion submit
