"""Run each item in a process of its own and kill the process when its time is up."""

from __future__ import annotations

import multiprocessing
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from typing import Any, Literal

#: Seconds that an interpreter may take to start before the clock of its task does, and to exit after its answer.
BOOT, EXIT = 60.0, 5.0


# region map
@dataclass(frozen=True)
class Outcome:
    """What became of one item."""

    item: Any
    status: Literal["done", "failed", "late", "died"]
    value: Any = None  # of done: the result; of failed: the traceback; of died: the exit code


def map_or_kill(
    function: Callable[[Any], Any],
    items: Iterable[Any],
    *,
    workers: int,
    timeout: float,
    context: BaseContext | None = None,
) -> Iterator[Outcome]:
    """Yield one outcome an item, as they come; *workers* processes run at a time, each for *timeout* seconds at most.

    The clock runs from the start of the function.  It is read while the caller waits for the next outcome.
    """
    if workers < 1:
        raise ValueError(f"workers must be at least 1, not {workers}")
    context = context or multiprocessing.get_context("spawn")
    source = iter(items)
    running: dict[Connection, _Run] = {}
    try:
        while True:
            for item in islice(source, workers - len(running)):
                connection, process = _start(context, function, item)
                running[connection] = _Run(item, process, time.monotonic() + BOOT + timeout)
            if not running:
                return
            next_deadline = min(run.deadline for run in running.values())
            wait(list(running), max(0.0, next_deadline - time.monotonic()))
            for connection, run in list(running.items()):
                # Asked anew: the caller may have taken its time over the outcome before this one.
                if wait([connection], 0):
                    status, value = _receive(connection)
                    if status == "started":
                        run.deadline = time.monotonic() + timeout
                        continue
                elif time.monotonic() < run.deadline:
                    continue
                else:
                    status, value = "late", None
                    run.process.kill()
                del running[connection]
                exit_code = _clear(connection, run.process)
                yield Outcome(run.item, status, exit_code if status == "died" else value)
    finally:
        for connection, run in running.items():
            run.process.kill()
            _clear(connection, run.process)


# endregion map


# region process
@dataclass
class _Run:
    item: Any
    process: BaseProcess
    deadline: float


def _start(context: BaseContext, function: Callable[[Any], Any], item: Any) -> tuple[Connection, BaseProcess]:
    receiver, sender = context.Pipe(duplex=False)
    # A daemon: an exit of the caller that skips its cleanup ends it too.
    process = context.Process(target=_answer, args=(sender, function, item), daemon=True)
    process.start()
    sender.close()  # the copy in this process: without it, the death of the process shows as the end of the pipe
    return receiver, process


def _answer(sender: Connection, function: Callable[[Any], Any], item: Any) -> None:
    sender.send(("started", None))
    try:
        sender.send(("done", function(item)))
    except Exception:  # of the function, or of pickling its result, before a byte of it was sent
        sender.send(("failed", traceback.format_exc()))


def _receive(receiver: Connection) -> tuple[Any, Any]:
    try:
        return receiver.recv()
    except (EOFError, OSError):
        return "died", None
    except Exception:
        return "failed", traceback.format_exc()  # the answer cannot be unpickled here


def _clear(receiver: Connection, process: BaseProcess) -> int | None:
    process.join(EXIT)
    if process.exitcode is None:
        process.kill()
        process.join()
    receiver.close()
    exit_code = process.exitcode
    process.close()
    return exit_code


# endregion process
