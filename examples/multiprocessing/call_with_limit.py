"""Run one call in a process of its own, with a time limit that kills, and an error when the process dies."""

from __future__ import annotations

# region call
import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection, wait
from typing import Any

# Whatever threads the caller has: a fresh interpreter inherits none of their locks.
CONTEXT = multiprocessing.get_context("spawn")


class WorkerDied(RuntimeError):
    """The process ended without an answer."""


def call_with_limit(seconds: float, function: Callable[..., Any], *arguments: Any) -> Any:
    """Return ``function(*arguments)``.

    Raises what the function raises, :class:`TimeoutError` after *seconds*, or :class:`WorkerDied`.
    """
    receiver, sender = CONTEXT.Pipe(duplex=False)
    process = CONTEXT.Process(target=_answer, args=(sender, function, arguments))
    process.start()
    sender.close()  # ours; the child has its own, and its end closes that one
    with receiver:
        # The sentinel too: a process that was forked meanwhile may hold the other end of the pipe open.
        if not wait([receiver, process.sentinel], seconds):
            process.kill()
            process.join()
            raise TimeoutError(f"no answer within {seconds} s")
        try:
            succeeded, value = receiver.recv() if receiver.poll() else (None, None)
        except EOFError:
            succeeded = None
    process.join()
    if succeeded is None:
        raise WorkerDied(f"exit code {process.exitcode}")
    if not succeeded:
        raise value
    return value


def _answer(sender: Connection, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    try:
        sender.send((True, function(*arguments)))
    except Exception as error:
        sender.send((False, error))


# endregion call
