"""How calm the machine was: a fixed loop between the samples, and the processor time that others took meanwhile.

The *canary* is the same work every time, in this process, with no engine in it.
What counts is the processor time that it takes and not the time that passes: an engine whose threads or workers are
busy between two samples delays the loop, and that is the engine's own affair.  When the processor time moves, the
processor itself was slower or faster: a neighbor on the host, the governor.

*Foreign* is the share of the cores that processes outside of this run used while a group was taken: a build, say.
"""

from __future__ import annotations

import hashlib
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from examples.measure.spread import relative_spread

#: The canary's spread, (p95 - p5) / median over a group, above which the group is taken again and, if it stays, marked.
#: The loop varied by 0.01 to 0.06 while the reference machine was idle, by 0.2 and more once both of its cores had
#: other work, and by 1 to 5 with ten busy processes: 0.15 lies between calm and the first disturbance.
#: The environment may set another (``PPM_CANARY_LIMIT``); the result records which was in force.
CANARY_LIMIT = 0.15

#: Largest foreign share of all cores' time over a group, for the same purpose; the kernel's threads are foreign.
FOREIGN_LIMIT = 0.05

#: How often a group that was too noisy is taken again; the calmer attempt is kept.
REPEATS = 2

#: Iterations of one loop, about 5 ms on the reference machine: far above the clock's resolution, and cheap.
CANARY_ITERATIONS = 20_000

#: Loops that one look at the machine takes the median of.  A process that wakes up beside one of them for some
#: milliseconds is no reason to doubt samples of seconds; a machine that stays slower shows in the median.
CANARY_LOOPS = 5

#: Least seconds between two looks: rounds of short samples share one, or the canary would be most of the run.
CANARY_PERIOD = 0.25


def limit() -> float:
    """Return the limit in force; raises :class:`ValueError` when the environment's is no number above 0."""
    text = os.environ.get("PPM_CANARY_LIMIT", "")
    if not text:
        return CANARY_LIMIT
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not value > 0:
        raise ValueError(f"PPM_CANARY_LIMIT must be a number above 0, not {text!r}")
    return value


def sing() -> float:
    """Return the seconds of processor time that the canary's fixed work takes now."""
    began = time.thread_time()
    hashlib.pbkdf2_hmac("sha256", b"canary", b"", CANARY_ITERATIONS)
    return time.thread_time() - began


def others_seconds() -> float:
    """Return the processor time of all processes that do not descend from this one, with that of their ended children.

    It is counted process by process.  The machine's total less our own would be simpler, and wrong: where a parent
    ignores the end of its children, as Ray's raylet does, their time stands in the total and nowhere among ours.
    """
    mine = psutil.Process()
    ours = {mine.pid, *(child.pid for child in mine.children(recursive=True))}
    return sum(process_seconds(process) for process in psutil.process_iter() if process.pid not in ours)


def process_seconds(process: psutil.Process) -> float:
    """Return the processor time of *process* and of its children that ended; zero when it ended itself.

    The first process is counted without them: it is heir to every orphan, ours included.
    """
    try:
        # User, system, and both of the children that ended.
        return sum(process.cpu_times()[: 2 if process.pid == 1 else 4])
    except psutil.Error:  # its parent counts it from now on
        return 0.0


class Watch:
    """Watches the machine while one group is taken: call :meth:`look` before every round, :meth:`report` at the end."""

    def __init__(self, canary: Callable[[], float] = sing, others: Callable[[], float] = others_seconds) -> None:
        self._canary, self._others = canary, others
        self._last = 0.0
        self.readings: list[float] = []
        self._load: list[float] = []
        self._frequencies: list[float] = []
        self._before = stolen()
        self._began = time.monotonic(), others()

    def look(self) -> None:
        """Take a reading, unless the last one is fresh."""
        if self.readings and time.monotonic() - self._last < CANARY_PERIOD:
            return
        self.readings.append(statistics.median(self._canary() for _ in range(CANARY_LOOPS)))
        if (load := load_average()) is not None:
            self._load.append(load)
        if (megahertz := frequency()) is not None:
            self._frequencies.append(megahertz)
        self._last = time.monotonic()

    def report(self) -> dict[str, Any]:
        """Return the noise of the group: canary as a ratio and in seconds, load, stolen share, frequencies in MHz.

        What this machine does not tell is left out.
        """
        self._last = 0.0
        self.look()
        found: dict[str, Any] = {
            "canary": round(relative_spread(self.readings), 4),
            "canary_median": round(statistics.median(self.readings), 7),
            "readings": len(self.readings),
        }
        if self._load:
            found["load"] = max(self._load)
        if (after := stolen()) and self._before and after[1] > self._before[1]:
            found["steal"] = round((after[0] - self._before[0]) / (after[1] - self._before[1]), 4)
        found["foreign"] = self._foreign()
        if self._frequencies:
            found["frequency"] = [round(min(self._frequencies)), round(max(self._frequencies))]
        return found

    def _foreign(self) -> float:
        began, before = self._began
        others = self._others() - before
        capacity = (time.monotonic() - began) * (psutil.cpu_count() or 1)
        # Both counters tick in hundredths of a second, so a short group can come out below nothing.
        return round(max(0.0, others) / capacity, 4) if capacity > 0 else 0.0


def excess(report: dict[str, Any]) -> float:
    """Return how far a group's noise goes, in units of the limit that it exceeds most; above 1 is too noisy."""
    return max(report["canary"] / limit(), report.get("foreign", 0.0) / FOREIGN_LIMIT)


def stolen() -> tuple[float, float] | None:
    """Return the processor time that the host gave to others, and all time, since the start; None where nobody says."""
    try:
        fields = [float(field) for field in Path("/proc/stat").read_text("ascii").split("\n", 1)[0].split()[1:9]]
    except (OSError, ValueError):
        return None
    return (fields[7], sum(fields)) if len(fields) == 8 else None


def load_average() -> float | None:
    """Return the load average over one minute, or None where there is none."""
    try:
        return round(os.getloadavg()[0], 2)
    except (OSError, AttributeError):
        return None


def frequency() -> float | None:
    """Return the processor's frequency in MHz, or None where it cannot be read."""
    try:
        found = psutil.cpu_freq()
    except (OSError, NotImplementedError, AttributeError):
        return None
    return found.current if found and found.current else None
