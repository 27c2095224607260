"""A job of two stages whose tasks note in which executor they run, and whose second stage waits until it may end."""

from __future__ import annotations

import os
import time
from collections import Counter
from functools import partial
from operator import add
from pathlib import Path

import psutil
from pyspark import Accumulator, SparkContext


# region job
def count_by_parity(context: SparkContext, folder: Path, seen: Accumulator) -> dict[int, int]:
    """Count even and odd numbers: four map tasks, a shuffle, two reduce tasks that wait for the file `gate`."""
    numbers = context.parallelize(range(4), 4)
    pairs = numbers.map(partial(map_number, folder=folder, seen=seen))
    return dict(pairs.reduceByKey(add, 2).map(partial(hold, folder=folder)).collect())


def map_number(number: int, folder: Path, seen: Accumulator) -> tuple[int, int]:
    """Say where this runs, count it, and return the pair that is added up by key."""
    note_place(folder, f"map-{number}")
    seen.add(1)
    return number % 2, 1


def hold(pair: tuple[int, int], folder: Path) -> tuple[int, int]:
    """Say where this runs, and wait."""
    note_place(folder, f"reduce-{pair[0]}")
    while not (folder / "gate").exists():
        time.sleep(0.02)
    return pair


# endregion job


def note_place(folder: Path, name: str) -> None:
    """Add a line with the process of this task's executor: the parent of the daemon that forked this worker."""
    executor = psutil.Process(os.getppid()).ppid()
    with (folder / name).open("ab", buffering=0) as file:
        file.write(b"%d\n" % executor)


def places(folder: Path, pattern: str) -> dict[str, list[int]]:
    """Return the executors in which each task that fits *pattern* ran, in the order of its tries."""
    return {file.name: [int(line) for line in file.read_text().split()] for file in sorted(folder.glob(pattern))}


def runs(folder: Path, pattern: str) -> Counter[int]:
    """Return how many tasks ran once, how many twice …"""
    return Counter(len(tries) for tries in places(folder, pattern).values())
