"""Send many small items as few tasks, and keep the outcome of each item."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


# region chunks
@dataclass(frozen=True)
class Outcome(Generic[Item, Result]):
    """What became of one item: a result, or the text of the traceback."""

    item: Item
    result: Result | None = None
    error: str = ""  # text, because not every exception survives pickling


def make_chunks(items: Iterable[Item], size: int) -> Iterator[tuple[Item, ...]]:
    """Cut *items* into tuples of *size*, the last one shorter, without reading ahead."""
    if size < 1:
        raise ValueError(f"size must be at least 1, not {size}")
    source = iter(items)
    while chunk := tuple(islice(source, size)):
        yield chunk


def run_chunk(function: Callable[[Item], Result], chunk: Iterable[Item]) -> list[Outcome[Item, Result]]:
    """Call *function* with each item; an item that raises costs no other item its result."""
    outcomes = []
    for item in chunk:
        try:
            outcomes.append(Outcome(item, function(item)))
        except Exception:
            outcomes.append(Outcome(item, error=traceback.format_exc()))
    return outcomes


def map_chunks(
    executor: Executor, function: Callable[[Item], Result], items: Iterable[Item], size: int
) -> Iterator[Outcome[Item, Result]]:
    """Yield the outcome of each item, in the order of the items."""
    for outcomes in executor.map(partial(run_chunk, function), make_chunks(items, size)):
        yield from outcomes


# endregion chunks


def reciprocal(number: float) -> float:
    """Raise for zero: the bad item of the example."""
    return 1 / number
