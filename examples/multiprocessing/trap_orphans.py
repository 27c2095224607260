"""Trap: a program that is killed leaves its workers behind, with their tasks.

``python -m examples.multiprocessing.trap_orphans [guarded]`` runs two long tasks.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable


# region trap
def work(seconds: float) -> None:
    """Say which process works, and work."""
    os.write(sys.stdout.fileno(), f"{os.getpid()}\n".encode())  # at once, so that two lines do not mix
    time.sleep(seconds)


def main(initializer: Callable[[], None] | None = None) -> None:
    """Keep two workers busy for a minute."""
    with multiprocessing.Pool(2, initializer) as pool:
        pool.map(work, [60, 60], chunksize=1)


# endregion trap
# region fix
def end_with_parent() -> None:
    """Initializer: end this worker when its parent ends, whatever it is doing."""

    def watch() -> None:
        multiprocessing.parent_process().join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


# endregion fix
def outlived(number: int, *arguments: str, group: bool = False, patience: float = 2) -> bool:
    """Send the program a signal in the midst of its work; return whether any of its processes outlives it.

    With *group*, all its processes get the signal, as Ctrl-C in a terminal sends it.  Workers that are alive after
    *patience* seconds are killed; helper processes then end and tidy up.
    """
    command = [sys.executable, "-m", "examples.multiprocessing.trap_orphans", *arguments]
    # Whatever is alive holds the pipe open: its end says that all have ended.
    program = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True)
    workers = [int(program.stdout.readline()) for _ in range(2)]  # both tasks have begun
    (os.killpg if group else os.kill)(program.pid, number)
    try:
        program.communicate(timeout=patience)
    except subprocess.TimeoutExpired:
        for worker in workers:
            os.kill(worker, signal.SIGKILL)
        program.communicate()
        return True
    return False


if __name__ == "__main__":
    main(end_with_parent if "guarded" in sys.argv else None)
