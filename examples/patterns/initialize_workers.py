"""Open what is expensive once in each worker, a process or a thread, and use it in every task."""

from __future__ import annotations

import os
import sqlite3
import threading
from pathlib import Path

# region worker
#: What this worker opened.  Of each thread its own: a connection of SQLite belongs to the thread that opened it.
_worker = threading.local()


def open_catalog(path: Path) -> None:
    """Open the database: run as the initializer of the pool."""
    _worker.catalog = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)


def find_weight(name: str) -> float:
    """Look up one member; the task sends its name, not the catalog."""
    (weight,) = _worker.catalog.execute("SELECT weight FROM members WHERE name = ?", [name]).fetchone()
    return weight


# endregion worker


def name_connection(number: int) -> tuple[int, int, int]:
    """Say which connection of which thread of which process a task used."""
    return os.getpid(), threading.get_ident(), id(_worker.catalog)


def make_catalog(path: Path, count: int) -> None:
    """Write the database that the example reads."""
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("CREATE TABLE members (name TEXT PRIMARY KEY, weight REAL)")
        connection.executemany("INSERT INTO members VALUES (?, ?)", ((f"m{n}", n / 2) for n in range(count)))
    connection.close()
