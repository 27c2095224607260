"""Trap: a pickled Modin frame holds references to the engine's memory, not the data."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

#: Another program, on another day: its engine knows nothing of the first one's.
READER = """
import pickle, sys
from dask.distributed import Client

if __name__ == "__main__":
    client = Client(n_workers=1, threads_per_worker=1, dashboard_address=None)
    with open(sys.argv[1], "rb") as file:
        try:
            print(len(pickle.load(file)), "rows")
        except BaseException as error:
            print(type(error).__name__)
    client.close()
"""


# region pickle
def save(frame: Any, path: Path) -> int:
    """Pickle *frame* to *path* and return the size of the file."""
    with path.open("wb") as file:
        pickle.dump(frame, file)
    return path.stat().st_size


def load_elsewhere(path: Path) -> str:
    """Load *path* in another program with an engine of its own, and return what it printed."""
    command = [sys.executable, "-c", READER, str(path)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60).stdout.strip()


# endregion pickle
