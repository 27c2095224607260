"""What an engine's processes hold in memory, per worker: idle, and at the peak of the shared job.

The engine is fresh and alone: no other variant runs, nothing large went through it.
Counted are all processes that it started, a scheduler or an object store too, by their proportional set size (PSS):
a page that several processes share counts for each in part, so the sum is what the engine takes.
Where the system does not tell the PSS, the resident set size is taken, which counts shared pages once a process; the
parameters say which it was.
*idle* is read after every worker had work; *loaded* is the largest of readings every 30 ms during the shared job.
Of an engine that lives in the measuring process, such as threads, only the growth of that process is known; it can be
zero where the process already held memory that it did not need.
It does not show the memory that your data takes, nor the client's own part.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator

import psutil

from examples.measure.adapter import Adapter
from examples.measure.probe import Group, Plan, Probe, named
from examples.measure.probes.answers import expect
from examples.measure.tasks import JOB_READINGS, forget_bytes, inspect, nothing, process

#: Seconds between two readings of memory while the job runs.
PERIOD = 0.03
#: Batches of the shared job for each worker: long enough for tens of readings.
BATCHES = 32


def groups(plan: Plan) -> Iterator[Group]:
    """Yield one group a variant, on an engine of its own; none on the reader's own cluster, which is elsewhere."""
    if plan.address:
        return
    # Tasks of engines in this process kept what they made; workers forked from here would be charged a share of it.
    forget_bytes()
    for variant in plan.kinds:
        # Helpers of engines that ran before, such as a resource tracker, belong to none that starts from here on.
        others = set(psutil.Process().children(recursive=True))
        yield Group(f"memory.{variant or 'default'}", _builder(plan, others), plan.workers, (variant,), alone=True)


def _builder(plan: Plan, others: set[psutil.Process]) -> Callable[[dict[str, Adapter]], Iterator[Probe]]:
    def build(adapters: dict[str, Adapter]) -> Iterator[Probe]:
        for variant, adapter in adapters.items():
            inside = process_memory(os.getpid())
            processes = set(adapter.many(process, list(range(4 * plan.workers))))
            own = processes == {os.getpid()}

            def used(own: bool = own, inside: int = inside) -> float:
                return max(0, process_memory(os.getpid()) - inside) if own else children_memory(others)

            adapter.many(nothing, list(range(4 * plan.workers)))
            # Read here: samples of a group come in random order, and loaded memory is not always given back.
            idle = used() / plan.workers
            parameters = {
                "workers": plan.workers,
                "measure": measure_name(),
                "of": "growth of the measuring process" if own else "processes of the engine",
            }
            yield Probe(
                named(variant, "memory.idle"),
                "B",
                lambda idle=idle: idle,
                1,
                "memory of the engine's processes after every worker had an empty task, divided by the workers",
                warmups=0,
                parameters=parameters,
            )
            yield Probe(
                named(variant, "memory.loaded"),
                "B",
                lambda adapter=adapter, used=used: _peak(adapter, plan.workers, used) / plan.workers,
                1,
                "the same at its peak during the shared job",
                warmups=0,
                parameters=parameters,
            )

    return build


def _peak(adapter: Adapter, workers: int, used: Callable[[], float]) -> float:
    """Return the largest of the readings of *used* while the shared job runs on *adapter*."""
    readings = [used()]
    ended = threading.Event()

    def read() -> None:
        while not ended.wait(PERIOD):
            readings.append(used())

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        answers = adapter.many(inspect, list(range(BATCHES * workers)))
    finally:
        ended.set()
        reader.join()
    expect(adapter, "the shared job", [answer["count"] for answer in answers], [JOB_READINGS] * len(answers))
    return max(readings)


def measure_name() -> str:
    """Return ``PSS`` where this system tells it, else ``RSS``."""
    return "PSS" if hasattr(psutil.Process().memory_full_info(), "pss") else "RSS"


def process_memory(pid: int) -> int:
    """Return the PSS (RSS where there is none) of one process in bytes; zero when it ended or may not be read."""
    try:
        info = psutil.Process(pid).memory_full_info()
    except psutil.Error:
        return 0
    return getattr(info, "pss", info.rss)


def children_memory(without: set[psutil.Process] = frozenset()) -> float:
    """Return the memory of all descendants of this process in bytes, those of *without* left out."""
    children = psutil.Process().children(recursive=True)
    return float(sum(process_memory(child.pid) for child in children if child not in without))
