"""Bring the log records of worker processes to the handlers of the caller."""

from __future__ import annotations

import logging
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import QueueHandler, QueueListener
from multiprocessing.context import BaseContext
from multiprocessing.queues import Queue


# region log
@contextmanager
def log_queue(*handlers: logging.Handler, context: BaseContext | None = None) -> Iterator[Queue]:
    """Yield a queue whose records go to *handlers*; leave the pool before the block ends, and none is lost."""
    records = (context or multiprocessing.get_context()).Queue()
    listener = QueueListener(records, *handlers, respect_handler_level=True)
    listener.start()
    try:
        yield records
    finally:
        listener.stop()
        records.close()
        records.join_thread()


def log_to(records: Queue, level: int = logging.INFO) -> None:
    """Send all records of this process to the queue: run as the initializer of the pool."""
    root = logging.getLogger()
    root.handlers[:] = [QueueHandler(records)]  # under fork the worker inherited the caller's
    root.setLevel(level)


# endregion log


def inspect(number: int) -> int:
    """A task that logs."""
    logging.getLogger("inspection").info("item %d", number)
    return number
