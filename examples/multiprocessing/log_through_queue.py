"""Send the workers' log records to the parent, which alone writes the file."""

from __future__ import annotations

# region queue
import multiprocessing
from logging import INFO, FileHandler
from logging.handlers import QueueHandler, QueueListener
from pathlib import Path

from examples.multiprocessing.trap_log_in_workers import inspect, logger


def send_records(records: multiprocessing.Queue) -> None:
    """Initializer: log into the queue and nowhere else."""
    logger.handlers[:] = [QueueHandler(records)]
    logger.setLevel(INFO)


def lines_logged(method: str, path: Path) -> int:
    """Log to *path* from workers started by *method*; return how many of four lines arrive."""
    context = multiprocessing.get_context(method)
    records, handler = context.Queue(), FileHandler(path)
    pool = context.Pool(2, send_records, (records,))
    listener = QueueListener(records, handler)
    listener.start()  # after the pool: its thread is nothing to fork with
    pool.map(inspect, range(4))
    pool.close()
    pool.join()  # leaving a with block terminates workers, and what they have not sent is lost
    listener.stop()
    handler.close()
    records.close()
    records.join_thread()
    return len(path.read_text().splitlines())


# endregion queue
