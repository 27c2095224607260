"""How calm the machine was: a fixed loop between the samples, and the processor time that others took meanwhile.

The *canary* is the same work every time, in this process, with no engine in it.
What counts is the processor time that it takes and not the time that passes: an engine whose threads or workers are
busy between two samples delays the loop, and that is the engine's own affair.  When the processor time moves, the
processor itself was slower or faster: a neighbor on the host, the governor.
It runs on several cores at a time, and the slowest counts, because a neighbor may slow one of them alone.

A machine is *calm* while the canary is hardly slower than the fastest look of this run.  Samples between two looks that
were not both calm are dropped, whatever they are, as long as the group has patience left: what decides is the canary
and never the sample, so that the samples that stay are those of the calm machine, their own spread included.
One bias is left: a longer sample meets the next disturbance more often, so where a machine is seldom calm, the tail of
an engine's own slow answers is thinned a little.

*Foreign* is the share of the cores that processes outside of this run used while a group was taken: a build, say.
"""

from __future__ import annotations

import contextlib
import hashlib
import math
import os
import statistics
import threading
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

#: What a group may lose by waiting for a calm machine and by dropping samples: a share of the time that its samples
#: take, which the environment may set (``PPM_PATIENCE``), and the least, in seconds.
PATIENCE, LEAST_PATIENCE = 1.0, 2.0

#: Seconds between two looks while waiting for a calm machine.
NAP = 0.2

#: Cores that the canary looks at, at most.
WATCHED_CORES = 4

#: Iterations of one loop, about 5 ms on the reference machine: far above the clock's resolution, and cheap.
CANARY_ITERATIONS = 20_000

#: Loops that one look at the machine takes the median of.  A process that wakes up beside one of them for some
#: milliseconds is no reason to doubt samples of seconds; a machine that stays slower shows in the median.
CANARY_LOOPS = 5

#: Least seconds between two looks: rounds of short samples share one, or the canary would be most of the run.
CANARY_PERIOD = 0.25


def limit() -> float:
    """Return the limit in force; raises :class:`ValueError` when the environment's is no number above 0."""
    return _setting("PPM_CANARY_LIMIT", CANARY_LIMIT)


def patience() -> float:
    """Return the patience in force; raises :class:`ValueError` when the environment's is no number above 0."""
    return _setting("PPM_PATIENCE", PATIENCE)


def _setting(name: str, default: float) -> float:
    text = os.environ.get(name, "")
    if not text:
        return default
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not value > 0:
        raise ValueError(f"{name} must be a number above 0, not {text!r}")
    return value


def sing() -> float:
    """Return the seconds of processor time that the canary's fixed work takes now."""
    began = time.thread_time()
    hashlib.pbkdf2_hmac("sha256", b"canary", b"", CANARY_ITERATIONS)
    return time.thread_time() - began


def sing_on_cores() -> float:
    """Return the most seconds of processor time that the canary's work takes now on a core of this process.

    Each loop runs in a thread that is bound to its core, all at once; where threads cannot be bound, one loop runs.
    """
    if not hasattr(os, "sched_setaffinity"):
        return sing()
    cores = sorted(os.sched_getaffinity(0))[:WATCHED_CORES]
    found: list[float] = []

    def bound(core: int) -> None:
        with contextlib.suppress(OSError):  # the core was taken away meanwhile
            os.sched_setaffinity(0, {core})  # of this thread alone
        found.append(sing())

    threads = [threading.Thread(target=bound, args=(core,)) for core in cores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return max(found)


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
    """Watches the machine: :meth:`wait` before samples of a group, :meth:`judge` after them, then :meth:`report`.

    *floor* is the fastest look so far in this run, in seconds; *most* bounds the patience in seconds, None does not.
    *patience* 0 takes every sample as it comes.
    """

    def __init__(
        self,
        canary: Callable[[], float] = sing_on_cores,
        others: Callable[[], float] = others_seconds,
        floor: float = math.inf,
        patience: float = 0.0,
        most: float | None = None,
    ) -> None:
        self._canary, self._others = canary, others
        self.floor, self._patience, self._most = floor, patience, most
        self._last = -math.inf
        self.readings: list[float] = []
        #: Samples that were dropped, and the seconds that were lost with them and by waiting.
        self.dropped, self.lost = 0, 0.0
        self._load: list[float] = []
        self._frequencies: list[float] = []
        self._before = stolen()
        self._began = time.monotonic(), others()

    @property
    def due(self) -> bool:
        """Whether the last look is old enough for another."""
        return not self.readings or time.monotonic() - self._last >= CANARY_PERIOD

    @property
    def calm(self) -> bool:
        """Whether the last look was hardly slower than the fastest of this run."""
        return self.readings[-1] <= self.floor * (1 + limit())

    @property
    def patient(self) -> bool:
        """Whether the group may still lose time."""
        if not self._patience:
            return False
        allowed = max(LEAST_PATIENCE, self._patience * (time.monotonic() - self._began[0] - self.lost))
        return self.lost < (allowed if self._most is None else min(allowed, self._most))

    def look(self, fresh: bool = False) -> None:
        """Take a reading, unless the last one is young enough and no *fresh* one is asked for."""
        if not (fresh or self.due):
            return
        self.readings.append(statistics.median(self._canary() for _ in range(CANARY_LOOPS)))
        self.floor = min(self.floor, self.readings[-1])
        if (load := load_average()) is not None:
            self._load.append(load)
        if (megahertz := frequency()) is not None:
            self._frequencies.append(megahertz)
        self._last = time.monotonic()

    def wait(self) -> None:
        """Look until the machine is calm or the patience is gone; looks that were not calm are forgotten."""
        self.look()
        while not self.calm and self.patient:
            began = time.monotonic()
            self.readings.pop()
            time.sleep(NAP)
            self.look(fresh=True)
            self.lost += time.monotonic() - began

    def judge(self, samples: int, seconds: float) -> bool:
        """Look, and return whether the *samples* taken in the last *seconds* are to be kept."""
        self.look(fresh=True)
        if self.calm or not self.patient:
            return True
        self.readings.pop()
        self._last = -math.inf
        self.dropped += samples
        self.lost += seconds
        return False

    def report(self) -> dict[str, Any]:
        """Return the noise of the group: canary as a ratio and in seconds, load, stolen share, frequencies in MHz.

        What this machine does not tell is left out.
        """
        self.look(fresh=True)
        found: dict[str, Any] = {
            "canary": round(relative_spread(self.readings), 4),
            "canary_median": round(statistics.median(self.readings), 7),
            "readings": len(self.readings),
        }
        if self.lost:
            found |= {"dropped": self.dropped, "lost": round(self.lost, 3)}
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
