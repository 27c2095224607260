"""Trap: ``wait`` and ``as_completed`` never hear of the futures that ``shutdown`` canceled."""

from __future__ import annotations

from concurrent.futures import Executor, Future


# region trap
def give_up_with_shutdown(pool: Executor, futures: list[Future]) -> None:
    pool.shutdown(wait=False, cancel_futures=True)  # tells nobody who waits for the futures


# endregion trap


# region fix
def give_up_one_by_one(pool: Executor, futures: list[Future]) -> None:
    for future in reversed(futures):  # from the end, while the workers come from the front
        future.cancel()
    pool.shutdown(wait=False)  # the workers drop what is canceled, and tell


# endregion fix
