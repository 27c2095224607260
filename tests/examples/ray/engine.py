"""The fixture around the Ray page and its tests: quiet, private, nothing left behind."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path


def engine(home: Path) -> Iterator[None]:
    """Set the environment for Ray before, stop it after; the page starts it itself.

    Ray writes its token to ``~/.ray`` and its session to a folder that the page makes: both are below *home*.
    """
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    # Set by a Ray that was started before, in this process or around it.
    for name in ("RAY_AUTH_MODE", "RAY_AUTH_TOKEN", "RAY_ADDRESS"):
        os.environ.pop(name, None)
    import ray
    from ray._private import worker

    # The driver prints notices of dead workers to sys.stdout from a thread of its own, whatever log_to_driver says, so
    # they land in the output of whichever line runs then.  Ray has no public switch for them.
    worker._worker_logs_enabled = False
    try:
        yield
    finally:
        ray.shutdown()
        worker._worker_logs_enabled = True
