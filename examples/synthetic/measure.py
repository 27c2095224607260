"""Adapter for the measuring harness: an executor that takes the time that :mod:`examples.synthetic.simulate` says.

It computes when the answers would be there, and then waits until then: on the real clock, as a subject like any other,
or on a virtual one, where a day of measuring takes a second and is the same every time (:func:`virtual`).
It runs no task, as that would take time of its own: it knows how long each task of the probes takes, and the answers.
"""

from __future__ import annotations

import contextlib
import functools
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from examples.measure import plain, tasks
from examples.measure.probes import metg, mixed, scaling, task_cost
from examples.synthetic.clock import RealClock, VirtualClock
from examples.synthetic.simulate import COSTS, Costs, Task, transfer, truth, wall_time

#: Seconds that an interpreter takes to start, on the virtual clock.
INTERPRETER = 0.02


@dataclass(frozen=True)
class Core:
    """How fast a core is: the kernel of the probes, and the seconds of one batch of the shared job."""

    kernel: plain.Kernel
    batch: float


#: A core on the virtual clock.
VIRTUAL_CORE = Core(plain.Kernel(2e-6, 0.22e-6), 0.0125)


class Adapter:
    """The synthetic executor on the real clock."""

    system = "synthetic"
    packages = ()
    import_name = "examples.synthetic.import_slowly"
    costs: ClassVar[Costs] = COSTS
    clock: ClassVar[RealClock | VirtualClock] = RealClock()

    def start(self, workers: int, home: Path) -> None:
        """Take the time of a start."""
        self.workers, self._first = workers, True
        self.clock.wait(self.costs.start)

    def stop(self) -> None:
        """Do nothing."""

    def one(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Take the time of one task, and return its answer."""
        began = self.clock.now()
        task, answer = self._task(function, arguments, workers=1)
        self._wait(began, [task])
        return answer

    def many(self, function: Callable[[Any], Any], arguments: list[Any]) -> list[Any]:
        """Take the time of many tasks, and return their answers."""
        began = self.clock.now()
        made = [self._task(function, (argument,), self.workers) for argument in arguments]
        self._wait(began, [task for task, _ in made])
        return [answer for _, answer in made]

    def stencil(self, function: Callable[..., Any], argument: Any, width: int, steps: int) -> list[Any]:
        """Take the time of a stencil, and return the answers of its last row."""
        began = self.clock.now()
        made: list[Task] = []
        row: list[Any] = []
        for step in range(steps):
            above, row = row, []
            for column in range(width):
                neighbors = range(max(0, column - 1), min(width, column + 2)) if step else ()
                task, answer = self._task(function, (argument, *(above[other] for other in neighbors)), self.workers)
                needs = tuple((step - 1) * width + other for other in neighbors)
                made.append(Task(task.sending, task.work, task.receiving, needs))
                row.append(answer)
        self._wait(began, made)
        return row

    @contextlib.contextmanager
    def shared(self, payload: bytes) -> Iterator[Callable[[], int]]:
        """Take the time of placing *payload*; the task that uses it takes none for its bytes."""
        self.clock.wait(len(payload) / self.costs.bandwidth_shared)
        yield lambda: self.one(tasks.add, len(payload), 0)

    def extra(self) -> dict[str, tuple[str, Callable[[], float]]]:
        """Return how late a wait of one task's cost ends on this clock: what the injected costs are true to."""

        def late() -> float:
            began = self.clock.now()
            self.clock.wait(self.costs.task)
            return max(0.0, self.clock.now() - began - self.costs.task)

        return {"overhead.wait": ("s", late)}

    @staticmethod
    @functools.cache
    def core() -> Core:
        """Return how fast a core of this machine is, so that the probes' own calibration agrees."""
        return Core(plain.kernel(), plain.batch_seconds())

    @classmethod
    def injected(cls, workers: int) -> dict[str, float]:
        """Return what a right harness finds with *workers* workers."""
        return truth(cls.costs, workers, metg.TASKS, task_cost.STREAM_TASKS, scaling.WAITS, scaling.WAIT)

    def _task(self, function: Callable[..., Any], arguments: tuple[Any, ...], workers: int) -> tuple[Task, Any]:
        seconds, waits, answer = known(self.core, function, arguments)
        sending = transfer(self.costs, arguments, self.costs.bandwidth_in)
        receiving = transfer(self.costs, answer, self.costs.bandwidth_out)
        return Task(sending, seconds * self.costs.stretch(workers, waits), receiving), answer

    def _wait(self, began: float, made: list[Task]) -> None:
        """Wait until the last answer would be there; the first call after a start takes longer."""
        first, self._first = self._first, False
        self.clock.wait_until(began + wall_time(self.costs, made, self.workers) + first * self.costs.first)


def virtual(costs: Costs = COSTS, noise: float = 0.0, seed: int = 0) -> type[Adapter]:
    """Return an adapter with *costs* on a virtual clock of its own, whose ``now`` the harness has to use."""
    ticking = VirtualClock(noise, seed)

    class VirtualAdapter(Adapter):
        clock = ticking
        now = staticmethod(ticking.now)

        @staticmethod
        def core() -> Core:
            """Return how fast a core on the virtual clock is."""
            return VIRTUAL_CORE

        @classmethod
        def cold_start(cls, workers: int) -> dict[str, float]:
            """Return the parts of a cold start; no interpreter is started, as it would take real time."""
            parts = {}
            for part, seconds in (
                ("import", costs.importing),
                ("start", costs.start),
                ("first_task", costs.first + costs.task + costs.latency),
            ):
                began = ticking.now()
                ticking.wait(seconds)
                parts[part] = ticking.now() - began
            return parts | {"first_result": INTERPRETER + sum(parts.values())}

    VirtualAdapter.costs = costs
    return VirtualAdapter


VARIANTS = {"": Adapter}


def known(
    core: Callable[[], Core], function: Callable[..., Any], arguments: tuple[Any, ...]
) -> tuple[float, bool, Any]:
    """Return the seconds that a task of the probes takes on one idle core, whether it only waits, and its answer.

    A task that is not known here takes no time, and runs to give its answer.
    """
    first = arguments[0] if arguments else None
    if function is tasks.pause:
        return first, True, first
    if function is tasks.work:
        return core().kernel.seconds(first), False, _work(first)
    if function is tasks.cell:
        return core().kernel.seconds(first), False, 1 + sum(arguments[1:]) % 2**31
    if function is tasks.job:
        iterations, payload, size = first
        seconds = core().kernel.seconds(iterations) if iterations else 0.0
        return seconds, False, tasks.job((0, payload, size))
    if function is tasks.inspect_or_fetch and isinstance(first, str):
        return mixed.LATENCY, True, 100 + int(first.rpartition("/")[2])
    if function in (tasks.inspect, tasks.inspect_or_fetch):
        return core().batch, False, _inspect(first)
    if function is tasks.process:
        return 0.0, False, os.getpid()
    return 0.0, False, function(*arguments)


_work = functools.cache(tasks.work)
_inspect = functools.cache(tasks.inspect)
