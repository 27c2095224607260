"""Trap: an exception in a task is kept in its future, and nobody hears of it who does not ask."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path


def save(path: Path) -> None:
    """Write a file; raises :class:`FileNotFoundError` when its folder is missing."""
    path.write_text("saved\n")


# region trap
def save_all(paths: Iterable[Path]) -> str:
    with ThreadPoolExecutor(2) as pool:
        for path in paths:
            pool.submit(save, path)  # nobody keeps the future
        pool.map(save, paths)  # nobody reads the results
    return "all saved"


# endregion trap


# region fix
def save_all_or_raise(paths: Iterable[Path]) -> str:
    with ThreadPoolExecutor(2) as pool:
        futures = [pool.submit(save, path) for path in paths]
    for future in futures:
        future.result()  # raises what the task raised
    return "all saved"


# endregion fix
