"""Trap: the default number of workers is that of the machine, whatever a container may use of it."""

from __future__ import annotations

import math
import os
from pathlib import Path


# region usable
def usable_cpus(quota: Path = Path("/sys/fs/cgroup/cpu.max")) -> int:
    """Return how many workers can compute at once: limited by affinity, and by the quota of a cgroup (version 2)."""
    affinity = getattr(os, "sched_getaffinity", None)  # Linux
    cpus = len(affinity(0)) if affinity else os.cpu_count() or 1
    if quota.exists():
        allowed, period = quota.read_text().split()
        if allowed != "max":
            cpus = min(cpus, math.ceil(int(allowed) / int(period)))
    return max(1, cpus)


# endregion usable
