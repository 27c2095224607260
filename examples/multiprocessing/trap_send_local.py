"""Trap: a local function is no target for a process, unless it is forked."""

from __future__ import annotations

import multiprocessing
import pickle


# region local
def start_local(method: str) -> str:
    """Start a process whose target is a local function; return how that went."""

    def inspect() -> None:
        """Do nothing."""

    process = multiprocessing.get_context(method).Process(target=inspect)
    try:
        process.start()
    except (AttributeError, pickle.PicklingError) as error:  # the second since Python 3.14
        return "cannot be pickled" if "local" in str(error) else str(error)
    process.join()
    return f"exit code {process.exitcode}"


# endregion local
