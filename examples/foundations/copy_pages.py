"""Fork a child that only looks at its parent's data, and report how much of the data the kernel copied for it.

Run as ``python -m examples.foundations.copy_pages`` on Linux: a fresh process, in which nothing else moves memory.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path


# region growth
def private_bytes() -> int:
    """Return the memory of this process that it shares with no other."""
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    private = [line for line in lines if line.startswith("Private_")]
    return sum(int(line.split()[1]) * 1024 for line in private)


def growth_in_child(action: Callable[[], object]) -> int:
    """Return by how much *action* makes the private memory of a forked child grow."""
    reader, writer = os.pipe()
    if os.fork() == 0:
        before = private_bytes()
        action()
        os.write(writer, str(private_bytes() - before).encode())
        os._exit(0)
    os.close(writer)
    with open(reader) as answer:
        growth = int(answer.read())
    os.wait()
    return growth


# endregion growth


# region cases
def read_all(items: Iterable[object]) -> None:
    """Look at each item and do nothing with it."""
    for _ in items:
        pass


def report() -> dict[str, float]:
    """Return for each case the share of the data that was copied."""
    floats = [float(number) for number in range(1_000_000)]
    block = b"x" * 24_000_000
    rows = [[number] for number in range(200_000)]
    size_of_floats = sum(map(sys.getsizeof, floats))
    size_of_rows = sum(map(sys.getsizeof, rows))
    copied = {
        "read a million floats": growth_in_child(lambda: read_all(floats)) / size_of_floats,
        "read a block of bytes": growth_in_child(lambda: block.count(b"y")) / len(block),
        "collect garbage": growth_in_child(gc.collect) / size_of_rows,
    }
    gc.freeze()
    copied["collect garbage, frozen"] = growth_in_child(gc.collect) / size_of_rows
    return copied


# endregion cases

if __name__ == "__main__":
    print(json.dumps(report()))
