"""What plain Python takes, in an interpreter that has imported no engine.

An engine that lives in the measured process slows a plain loop there, so what they are compared with runs without one:

* ``python -m examples.measure.plain loop BATCHES READINGS``: the CPU shape of the shared job.
* ``python -m examples.measure.plain mixed URL BATCHES PAGES``: the mixed job, one item after the other.
* ``python -m examples.measure.plain kernel``: the calibration of :func:`examples.measure.tasks.work`.

Each prints one JSON value, times in seconds.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from examples.measure.provenance import ROOT
from examples.measure.tasks import JOB_READINGS, inspect_or_fetch, work
from examples.workload.inspection import inspect_batch

#: Iterations at which the kernel is timed, and the seconds that the calibration takes.
CALIBRATED, CALIBRATION_SECONDS = tuple(4**power for power in range(8)), 0.8


@dataclass(frozen=True)
class Kernel:
    """The seconds that :func:`examples.measure.tasks.work` takes: ``call + per_iteration * iterations``.

    *bent* is the largest relative deviation of a calibration point from that line.
    """

    call: float
    per_iteration: float
    bent: float = 0.0

    def iterations(self, seconds: float) -> int:
        """Return the iterations that come nearest to *seconds* of work, at least one."""
        return max(1, round((seconds - self.call) / self.per_iteration))

    def seconds(self, iterations: int) -> float:
        """Return the seconds that *iterations* take on one idle core."""
        return self.call + self.per_iteration * iterations

    @property
    def floor(self) -> float:
        """The shortest task that the kernel can be: the call and one iteration, in seconds."""
        return self.seconds(1)


def in_fresh_interpreter(batches: int, readings: int) -> float:
    """Return the seconds of the loop over *batches* batches of *readings* readings; the start is not counted.

    Raises :class:`subprocess.CalledProcessError` when the interpreter fails.
    """
    return _fresh("loop", batches, readings)


def mixed_in_fresh_interpreter(url: str, batches: int, pages: int) -> tuple[float, list[Any]]:
    """Return the seconds of the mixed job in a plain loop, and its answers."""
    seconds, answers = _fresh("mixed", url, batches, pages)
    return seconds, answers


def batch_seconds() -> float:
    """Return the seconds of one batch of the shared job: the best of three loops in a fresh interpreter."""
    return min(in_fresh_interpreter(8, JOB_READINGS) for _ in range(3)) / 8


def kernel() -> Kernel:
    """Calibrate the kernel in a fresh interpreter."""
    return Kernel(**_fresh("kernel"))


def mixed_items(url: str, batches: int, pages: int) -> list[int | str]:
    """Return the items of the mixed job: numbers of batches and URLs of pages, each kind spread over the other."""
    items = [((number + 0.5) / batches, number) for number in range(batches)]
    items += [((number + 0.5) / pages, f"{url}/page/{number}") for number in range(pages)]
    return [item for _, item in sorted(items, key=lambda pair: pair[0])]


def _fresh(*arguments: Any) -> Any:
    command = [sys.executable, "-m", "examples.measure.plain", *map(str, arguments)]
    ended = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(ended.stdout)


def _loop(batches: str, readings: str) -> float:
    numbers = range(int(batches))
    began = time.perf_counter()
    for number in numbers:
        inspect_batch(number, int(readings))
    return time.perf_counter() - began


def _mixed(url: str, batches: str, pages: str) -> tuple[float, list[Any]]:
    items = mixed_items(url, int(batches), int(pages))
    began = time.perf_counter()
    answers = [inspect_or_fetch(item) for item in items]
    return time.perf_counter() - began, answers


def _kernel() -> dict[str, float]:
    """Time the kernel at each size in turn, keep the best of each, and lay a line through the ends."""
    best = dict.fromkeys(CALIBRATED, float("inf"))
    end = time.perf_counter() + CALIBRATION_SECONDS
    while time.perf_counter() < end:
        for iterations in CALIBRATED:
            repeats = max(1, 1_000 // iterations)  # one call of the shortest is near the clock's own cost
            began = time.perf_counter()
            for _ in range(repeats):
                work(iterations)
            best[iterations] = min(best[iterations], (time.perf_counter() - began) / repeats)
    first, last = CALIBRATED[0], CALIBRATED[-1]
    slope = (best[last] - best[first]) / (last - first)
    line = Kernel(best[first] - slope * first, slope)
    bent = max(abs(best[iterations] / line.seconds(iterations) - 1) for iterations in CALIBRATED)
    return {"call": line.call, "per_iteration": line.per_iteration, "bent": bent}


MAIN: dict[str, Callable[..., Any]] = {"loop": _loop, "mixed": _mixed, "kernel": _kernel}

if __name__ == "__main__":
    print(json.dumps(MAIN[sys.argv[1]](*sys.argv[2:])))
