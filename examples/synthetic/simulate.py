r"""What the synthetic executor's time goes into, and what a right harness must therefore find.

One submitter hands out the tasks one after the other, each for *task* seconds and its bytes divided by a bandwidth.
*workers* virtual workers run them, each task on the worker that is free first.
One receiver takes the answers, bytes divided by a bandwidth, and *latency* seconds pass before the caller has the last.
On *W* workers the work in a task is stretched: by 1 + f·(W-1) where it computes, which is Amdahl's law with the serial
fraction f, and by 1 + σ·(W-1) + κ·W·(W-1) where it waits, which is Gunther's Universal Scalability Law.

With *c* for the cost of a task, *L* for the latency, *N* tasks and a stretched work of *g* in each, on paper:

* A task alone takes c + L, so ``task_cost.roundtrip`` is c + L, and so is the latency of a payload.
* A stream of empty tasks takes N·c + L, so ``task_cost.stream`` is c + L/N.
* As long as g < W·c, the submitter is the bottleneck and the N tasks take N·c + g + L.
  With larger tasks the workers are: W·c + N·g/W + L, where W divides N.
* Efficiency against the best, N·g/(W·wall), is one half at g = W·(N·c + L)/(2·N - W).
  The granularity there, wall·W/N, is METG(50 %) = 2·W·(N·c + L)/(2·N - W), about W·c for many tasks.
  A stencil whose rows are wider than W has the same, as its tasks do not wait for one another either.
* N tasks that wait s seconds take N·s/W·(1 + σ·(W-1) + κ·W·(W-1)) + W·c + L.
  That is Gunther's law with T = N·s + c + L on one worker, with (N·s·σ + c + L)/T in place of σ and (N·s·κ + c)/T in
  place of κ: handing out and waiting for the last answer are contention and coherency too.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from examples.measure.tasks import Block


@dataclass(frozen=True)
class Costs:
    """What is injected, in seconds and bytes per second; the last three are the laws' parameters."""

    importing: float = 0.05
    start: float = 0.2
    first: float = 0.03
    task: float = 50e-6
    latency: float = 0.5e-3
    bandwidth_in: float = 250e6
    bandwidth_out: float = 500e6
    bandwidth_buffer: float = 1e9
    bandwidth_shared: float = 2e9
    serial: float = 0.1
    contention: float = 0.05
    coherency: float = 0.004

    def stretch(self, workers: int, waits: bool) -> float:
        """Return by how much work takes longer on *workers* workers than on one."""
        if not waits:
            return 1 + self.serial * (workers - 1)
        return 1 + self.contention * (workers - 1) + self.coherency * workers * (workers - 1)


COSTS = Costs()


@dataclass(frozen=True)
class Task:
    """One task as the executor sees it: seconds on the way in, of work, on the way out, and whose answers it needs."""

    sending: float
    work: float
    receiving: float
    needs: tuple[int, ...] = ()


def transfer(costs: Costs, value: Any, plain: float) -> float:
    """Return the seconds that the bytes in *value* take, *plain* being the bandwidth of ``bytes``."""
    if isinstance(value, Block):
        return len(value) / costs.bandwidth_buffer
    if isinstance(value, bytes):
        return len(value) / plain
    return sum(transfer(costs, item, plain) for item in value) if isinstance(value, tuple) else 0.0


def wall_time(costs: Costs, tasks: Iterable[Task], workers: int) -> float:
    """Return the seconds from submitting the first of *tasks* to the last answer, on *workers* workers."""
    free, submitted = [0.0] * workers, 0.0
    ends: list[float] = []
    answers: list[tuple[float, float]] = []
    for task in tasks:
        submitted += costs.task + task.sending
        begin = max(submitted, heapq.heappop(free), *(ends[need] for need in task.needs))
        ends.append(begin + task.work)
        heapq.heappush(free, ends[-1])
        answers.append((ends[-1], task.receiving))
    received = 0.0
    for end, seconds in sorted(answers):
        received = max(received, end) + seconds
    return received + costs.latency


def truth(costs: Costs, workers: int, metg_tasks: int, stream_tasks: int, waits: int, wait: float) -> dict[str, float]:
    """Return what a right harness finds, by the name of the probe or derived quantity (see the module).

    *metg_tasks* and *stream_tasks* are the tasks of a sweep and of a stream, *waits* the tasks of the job that waits
    and *wait* the seconds of each.
    """
    roundtrip = costs.task + costs.latency
    metg = 2 * workers * (metg_tasks * costs.task + costs.latency) / (2 * metg_tasks - workers)
    alone = waits * wait
    total = alone + costs.task + costs.latency
    return {
        "startup.import": costs.importing,
        "startup.start": costs.start,
        "startup.first_task": costs.first + roundtrip,
        "task_cost.roundtrip": roundtrip,
        "task_cost.stream": costs.task + costs.latency / stream_tasks,
        "metg.independent": metg,
        "metg.stencil": metg,
        "payload.in.latency": roundtrip,
        "payload.in.bandwidth": costs.bandwidth_in,
        "payload.out.bandwidth": costs.bandwidth_out,
        "payload.buffer.in.bandwidth": costs.bandwidth_buffer,
        "payload.shared.bandwidth": costs.bandwidth_shared,
        "scaling.cpu.amdahl": costs.serial,
        "scaling.wait.contention": (alone * costs.contention + costs.task + costs.latency) / total,
        "scaling.wait.coherency": (alone * costs.coherency + costs.task) / total,
    }
