"""Cross-checks of Dask against the methods that its own project publishes for overhead, and against ``pyperf timeit``.

* ``task_cost.delayed``: the benchmark ``time_trivial_tasks`` of dask/dask-benchmarks (in
  ``distributed/benchmarks/client.py``), 500 delayed tasks that do nearly nothing and their sum on a local cluster.
* ``threads.task_cost.stream``: the measurement of Dask's documentation (Shared Memory, section Performance), a sum over
  an array of 500 chunks, divided by the tasks of its graph.
* ``threads.task_cost.graph``: the script behind the plots of that page (``docs/source/scripts/scheduling.py``), chains
  of five empty tasks, divided by the entries of the graph.
* ``transfer.100MB``: the network part of ``Client.benchmark_hardware``, between two workers of the harness's cluster.

None of them is installed with Dask but the last: the first three are done again here, timed by ``pyperf timeit``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from examples.measure.adapter import Adapter
from examples.measure.probe import Plan
from examples.measure.probes.crosscheck import STREAM, Check, against, extra, roundtrip, stream
from examples.measure.pyperf_timeit import Timeit

#: Each run of the tool starts a cluster of its own, so few are taken.
SAMPLES = 3
#: Bytes that the tool sends at once between two workers, in its own words.
NETWORK_SIZE = "50 MiB"


def checks(plan: Plan) -> Iterator[Check]:
    """Yield the checks of the distributed scheduler and of the threaded one."""
    yield from _distributed(plan)
    yield from _threaded(plan)


def _distributed(plan: Plan) -> Iterator[Check]:
    cluster = (
        "from dask import delayed",
        "from distributed import Client, LocalCluster",
        "from examples.measure.tasks import nothing",
        f"cluster = LocalCluster(n_workers={plan.workers}, threads_per_worker=1, dashboard_address=None)",
        "client = Client(cluster, set_as_default=False)",
        "client.gather(client.map(nothing, range(200), pure=False))",
    )
    teardown = "client.close(); cluster.close()"
    trivial = "delayed(sum, pure=False)([negate(number) for number in range(500)]).compute(scheduler=client)"
    # A function that is typed here goes to the workers by value, which doubled the tool's figure; this one is imported.
    # The first graph on a cluster takes several times as long as the second.
    negate = ("import operator", "negate = delayed(operator.neg, pure=False)", trivial)
    tools = (
        (
            "task_cost.roundtrip",
            roundtrip(plan),
            Timeit("client.submit(nothing, pure=False).result()", 50, cluster, teardown, 1, 0),
            "ours is the mean of round trips timed one by one, theirs that of a loop",
        ),
        (
            "task_cost.stream",
            stream(plan),
            Timeit(
                f"client.gather(client.map(nothing, range({STREAM}), pure=False))", 2, cluster, teardown, 1, 0, STREAM
            ),
            "ours is one stream, theirs the mean of two in a row",
        ),
        (
            "task_cost.delayed",
            extra("task_cost.delayed"),
            Timeit(trivial, 4, cluster + negate, teardown, 1, 0, 501),
            "ours makes 1,000 delayed empty tasks and gathers all; theirs, time_trivial_tasks of dask-benchmarks, "
            "makes 500 (increments there) and gathers their sum; pure there, in a loop that is answered from memory",
        ),
    )
    for what, ours, tool, differs in tools:
        yield against(plan, tool, what, ours, differs, samples=SAMPLES)
    yield Check(
        what="transfer.100MB",
        ours=extra("transfer.100MB"),
        theirs=_network,
        tool=f"distributed.worker.benchmark_network, the network part of Client.benchmark_hardware, {NETWORK_SIZE}",
        differs="ours is a task whose argument lies with the other worker; theirs echoes bytes there and back for 1 s",
        samples=SAMPLES,
    )


def _network(engine: Adapter) -> float:
    """Return the seconds that 100 MB take from a worker to another by Dask's own benchmark."""
    client = engine._client
    here, there = sorted(client.scheduler_info()["workers"])[:2]
    (speed,) = client.run(_measure_network, there, workers=[here]).values()
    return 10**8 / speed[NETWORK_SIZE]


async def _measure_network(address: str, dask_worker: Any) -> dict[str, float]:
    from distributed.worker import benchmark_network

    return await benchmark_network(address, dask_worker.rpc, sizes=(NETWORK_SIZE,))


def _threaded(plan: Plan) -> Iterator[Check]:
    array = Timeit(
        f"total.compute(scheduler='threads', num_workers={plan.workers})",
        2,
        ("import dask.array", "total = dask.array.ones(1000, chunks=(2,)).sum()", "assert len(total.dask) == 1168"),
        operations=1168,
    )
    yield against(
        plan,
        array,
        "task_cost.stream",
        stream(plan),
        "ours makes and computes 1,000 delayed empty tasks; theirs, as Dask documents it, optimizes and computes the "
        "sum of an array of 500 chunks",
        variant="threads",
    )
    graph = Timeit(
        f"threaded.get(graph, keys, num_workers={plan.workers})",
        5,
        (
            "from dask import threaded",
            "from examples.measure.tasks import nothing",
            "graph = {('x', row, column): (nothing, ('x', row - 1, column)) if row else column "
            "for row in range(5) for column in range(200)}",
            "keys = [('x', 4, column) for column in range(200)]",
        ),
        operations=1000,
    )
    yield against(
        plan,
        graph,
        "task_cost.graph",
        extra("task_cost.graph", count=3),
        "ours is a graph of 1,000 independent tasks; theirs, scheduling.py of Dask's documentation, of 200 chains of "
        "five entries, one of them data",
        variant="threads",
    )
