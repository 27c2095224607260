"""What it costs to send data with a task, into it and out of it, from 1 kB to 100 MB.

One task at a time, so the figure is the way of the data and not how many ways there are:

* ``payload.in``: plain ``bytes`` as an argument; the task returns their number, which is checked.
* ``payload.out``: the task returns ``bytes``; their number is checked.
* ``payload.buffer.in`` and ``payload.buffer.out``: the same, in an object whose data pickle protocol 5 can carry out of
  band.
* ``payload.shared``: the engine's own way for large data (shared memory, object store, scatter, memory map): placing
  the data and the first task that uses it, without the cleaning up after.

The bytes do not compress.
A worker makes those of ``out`` once and keeps them, so making them is not timed: the warm-ups fill the workers' caches.
Where an engine takes a new process for every call, making them costs about as much as one copy of them in memory.
Each size is a group of its own, in growing order: what a large payload leaves behind, no small one pays for.
Before each sample a few empty tasks run untimed.
It does not show what many workers that receive data at once do to one another.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from typing import Any

from examples.measure.adapter import Adapter
from examples.measure.probe import Group, Plan, Probe, named
from examples.measure.probes.answers import expect
from examples.measure.tasks import Block, length, make_block, make_bytes, nothing

#: Payload sizes in bytes by the name that probes carry.
SIZES = {"1kB": 10**3, "10kB": 10**4, "100kB": 10**5, "1MB": 10**6, "10MB": 10**7, "100MB": 10**8}

#: Sizes that the quick effort takes.
QUICK = ("1kB", "1MB", "10MB")

#: Samples in one pass of the full effort, of sizes below and from :data:`LARGE` on.
SAMPLES, LARGE_SAMPLES, LARGE = 6, 2, 10**7


def groups(plan: Plan) -> Iterator[Group]:
    """Yield one group a size."""
    for label, size in SIZES.items():
        if plan.effort.thorough or label in QUICK:
            yield Group(f"payload.{label}", _builder(plan, label, size), plan.workers)


def _builder(plan: Plan, label: str, size: int) -> Callable[[dict[str, Adapter]], Iterator[Probe]]:
    def build(adapters: dict[str, Adapter]) -> Iterator[Probe]:
        payload = os.urandom(size)
        count = plan.effort.count(SAMPLES, 2) if size < LARGE else plan.effort.count(LARGE_SAMPLES, 1)
        for variant, adapter in adapters.items():
            for way, (take, description) in _ways(plan, adapter, payload).items():
                yield Probe(
                    named(variant, f"payload.{way}.{label}"),
                    "s",
                    take,
                    count,
                    description,
                    # Every worker is to have made its bytes; large ones are too dear to make sure.
                    warmups=plan.workers + 1 if way.endswith("out") and size < LARGE else 1,
                    parameters={"bytes": size},
                )

    return build


def _ways(plan: Plan, adapter: Adapter, payload: bytes) -> dict[str, tuple[Callable[[], float], str]]:
    """Return the sampler and the description of each way of the data by the part of the probe's name."""
    size = len(payload)
    block = Block(payload)

    def timed(function: Callable[[Any], Any], argument: Any, arrived: Callable[[Any], int]) -> float:
        answers: list[Any] = []
        seconds = plan.seconds(
            lambda: answers.append(adapter.one(function, argument)), warm=lambda: adapter.one(nothing)
        )
        expect(adapter, f"a payload of {size} bytes", arrived(answers[0]), size)
        return seconds

    ways: dict[str, tuple[Callable[[], float], str]] = {
        "in": (
            lambda: timed(length, payload, int),
            "one task that receives these bytes and returns their number",
        ),
        "out": (
            lambda: timed(make_bytes, size, len),
            "one task that returns these bytes",
        ),
        "buffer.in": (
            lambda: timed(length, block, int),
            "one task that receives a buffer which pickle protocol 5 can carry out of band",
        ),
        "buffer.out": (
            lambda: timed(make_block, size, len),
            "one task that returns a buffer which pickle protocol 5 can carry out of band",
        ),
    }
    if hasattr(adapter, "shared"):
        ways["shared"] = (
            lambda: _shared(plan, adapter, payload),
            "placing these bytes the engine's own way for large data, and the first task that uses them",
        )
    return ways


def _shared(plan: Plan, adapter: Any, payload: bytes) -> float:
    with contextlib.ExitStack() as stack:
        plan.settle(lambda: adapter.one(nothing))
        began = plan.now()
        count = stack.enter_context(adapter.shared(payload))
        arrived = count()
        seconds = plan.now() - began
        expect(adapter, f"a shared payload of {len(payload)} bytes", arrived, len(payload))
    return seconds
