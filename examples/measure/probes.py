"""The probes: what is measured, over adapters that are already started.

Each probe yields ``(name, unit, sampler, samples, parameters)``; the sampler returns one sample.
Every engine proves a right answer before it is timed.
"""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import psutil

from examples.measure.adapter import Adapter
from examples.measure.plain import in_fresh_interpreter
from examples.measure.tasks import add, length, nothing
from examples.workload.inspection import inspect_batch

#: Payload sizes in bytes by the name that probes carry.
SIZES = {"1kB": 10**3, "10kB": 10**4, "100kB": 10**5, "1MB": 10**6, "10MB": 10**7, "100MB": 10**8}

#: The shared job as it is timed: batches, and readings in each.
JOB_BATCHES, JOB_READINGS = 64, 20_000


@dataclass
class Probe:
    """One quantity: *take* returns one sample in *unit*; *count* samples are kept after *warmups* are thrown away."""

    name: str
    unit: str
    take: Callable[[], float]
    count: int
    description: str
    warmups: int = 1
    parameters: dict[str, Any] = field(default_factory=dict)
    #: Probes of one group are compared with one another, so their samples are taken in turn; by default those whose
    #: names begin alike.
    group: str = ""
    #: False for what has nothing to do with the engine and is measured beside the default variant alone.
    every_variant: bool = True


def check(adapter: Adapter) -> None:
    """Raise :class:`RuntimeError` when the engine's answers are wrong."""
    if adapter.one(add, 20, 22) != 42:
        raise RuntimeError(f"{adapter.system}: a single task gave a wrong answer")
    numbers = list(range(4))
    if adapter.many(inspect_batch, numbers) != [inspect_batch(number) for number in numbers]:
        raise RuntimeError(f"{adapter.system}: the shared job gave wrong answers")


def seconds(call: Callable[[], Any]) -> float:
    """Return how long *call* took, in seconds, with the garbage collector emptied before."""
    gc.collect()
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def probes(adapter: Adapter, workers: int, scale: float = 1.0) -> Iterator[Probe]:
    """Yield the probes of a started *adapter*; *scale* below 1 takes fewer samples."""

    def count(full: int, least: int = 3) -> int:
        return max(least, round(full * scale))

    yield Probe(
        "task_cost.roundtrip",
        "s",
        lambda: seconds(lambda: adapter.one(nothing)),
        count(200, 20),
        "one empty task, submitted and waited for",
        warmups=5,
    )
    tasks = count(1_000, 100)
    yield Probe(
        "task_cost.stream",
        "s",
        lambda: seconds(lambda: adapter.many(nothing, list(range(tasks)))) / tasks,
        count(10),
        "wall time per empty task in a stream of tasks, usual settings",
        parameters={"tasks": tasks, "workers": workers},
    )
    for name, size in SIZES.items():
        payload = os.urandom(size)
        yield Probe(
            f"payload.in.{name}",
            "s",
            lambda payload=payload: seconds(lambda: _send(adapter, payload)),
            count(20 if size < 10**7 else 7),
            "one task that receives these bytes and returns their number",
            parameters={"bytes": size},
            group=f"payload.in.{name}",  # a large payload leaves work behind that a small one would be charged for
        )
    numbers = list(range(max(8, int(JOB_BATCHES * min(1, scale * 2)))))
    parameters = {"batches": len(numbers), "readings": JOB_READINGS, "workers": workers}
    yield Probe(
        "shared_job.sequential",
        "s",
        lambda: in_fresh_interpreter(len(numbers), JOB_READINGS),
        count(7),
        "the CPU shape of the shared job in a plain loop, in an interpreter without the engine",
        parameters=parameters,
        every_variant=False,
    )
    yield Probe(
        "shared_job.parallel",
        "s",
        lambda: seconds(lambda: adapter.many(_inspect, numbers)),
        count(7),
        "the CPU shape of the shared job on the engine, usual settings",
        parameters=parameters,
    )
    yield Probe(
        "memory.worker",
        "B",
        lambda: children_pss() / workers,
        1,
        "PSS of every process that the engine started, after work, divided by the workers",
        warmups=0,
        parameters={"workers": workers},
    )
    for name, (unit, take) in getattr(adapter, "extra", dict)().items():
        yield Probe(name, unit, take, count(10), "a probe of this system alone")


def _inspect(number: int) -> dict[str, float]:
    return inspect_batch(number, JOB_READINGS)


def _send(adapter: Adapter, payload: bytes) -> None:
    if adapter.one(length, payload) != len(payload):
        raise RuntimeError(f"{adapter.system}: {len(payload)} bytes did not arrive whole")


def children_pss() -> float:
    """Return the proportional set size of all descendants of this process in bytes; RSS where there is no PSS."""
    total = 0
    for child in psutil.Process().children(recursive=True):
        try:
            info = child.memory_full_info()
        except psutil.Error:  # it ended, or is not ours to read
            continue
        total += getattr(info, "pss", info.rss)
    return float(total)
