"""Wait until a cluster that scales has a number of workers."""

from __future__ import annotations

import time

from distributed import Client


def reaches(client: Client, workers: int, seconds: float = 60) -> bool:
    """Return whether the cluster has exactly *workers* workers at some moment of the next *seconds*."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if len(client.scheduler_info()["workers"]) == workers:
            return True
        time.sleep(0.05)
    return False
