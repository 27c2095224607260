"""Trap: the interpreter does not wait for daemon threads, and stops them wherever they are.

``python -m examples.threading.trap_lose_buffer FILE``, and with ``--join`` the repair.
"""

from __future__ import annotations

import sys
import threading
from queue import Queue


# region mistake
def write(records: Queue, path: str) -> None:
    """Write each record as a line, until one is ``None``."""
    with open(path, "w") as file:
        while (record := records.get()) is not None:
            file.write(f"{record}\n")
            records.task_done()


def log_in_background(path: str) -> None:
    """Hand three records to a writer, and wait until it has dealt with each."""
    records: Queue = Queue()
    threading.Thread(target=write, args=(records, path), daemon=True).start()
    for number in range(3):
        records.put(number)
    records.join()


# endregion mistake


# region fix
def log_and_join(path: str) -> None:
    """The same, but tell the writer that this is all, and wait until it has closed its file."""
    records: Queue = Queue()
    writer = threading.Thread(target=write, args=(records, path))
    writer.start()
    for number in range(3):
        records.put(number)
    records.put(None)
    writer.join()


# endregion fix

if __name__ == "__main__":
    (log_and_join if "--join" in sys.argv else log_in_background)(sys.argv[1])
