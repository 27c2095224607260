"""Which tasks ``Future.cancel`` still reaches, while one worker is busy with the first."""

from __future__ import annotations

import time
from concurrent.futures import Executor
from pathlib import Path

#: Seconds after which a task that nobody lets go gives up, so that no example can hang.
PATIENCE = 60.0


# region hold
def hold(started: Path, gate: Path) -> str:
    """Say that the task runs, then work until somebody opens the *gate*."""
    started.touch()
    wait_for(gate)
    return "done"


def wait_for(path: Path) -> None:
    """Return as soon as the file exists."""
    deadline = time.monotonic() + PATIENCE
    while not path.exists():
        if time.monotonic() > deadline:
            raise TimeoutError(f"no {path}")
        time.sleep(0.01)


# endregion hold


# region cancel
def cancel_all(pool: Executor, folder: Path, handed_over: int) -> list[bool]:
    """Submit five tasks to a *pool* of one worker and try to cancel each; the first already runs.

    *handed_over* is the number of tasks that the pool takes out of its reach.
    """
    started, gate = folder / "started", folder / "gate"
    futures = [pool.submit(hold, started, gate)]
    wait_for(started)
    futures += [pool.submit(abs, number) for number in range(4)]
    while sum(future.running() for future in futures) < handed_over:
        time.sleep(0.01)  # the manager thread needs a moment
    canceled = [future.cancel() for future in futures]
    gate.touch()
    return canceled


# endregion cancel
