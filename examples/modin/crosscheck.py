"""Cross-check of Modin on Dask against ``pyperf timeit``, which starts a cluster of its own.

Modin's own benchmarks stand in ``asv_bench`` of its repository, for ASV, and in no wheel; the machine that ran them for
its dashboard was to have 44 cores.
"""

from __future__ import annotations

from collections.abc import Iterator

from examples.measure.probe import Plan
from examples.measure.probes.crosscheck import LOOPED, Check, against, roundtrip
from examples.measure.pyperf_timeit import Timeit


def checks(plan: Plan) -> Iterator[Check]:
    """Yield the round trip of a series of one row."""
    cluster = (
        "import modin.config, modin.pandas",
        "from distributed import Client, LocalCluster",
        "from examples.measure.tasks import nothing",
        f"cluster = LocalCluster(n_workers={plan.workers}, threads_per_worker=1, dashboard_address=None)",
        "client = Client(cluster)",
        "modin.config.Engine.put('Dask')",
        f"modin.config.NPartitions.put({plan.workers})",
        "for _ in range(10): modin.pandas.Series([0]).map(nothing).modin.to_pandas()",
    )
    tool = Timeit(
        "modin.pandas.Series([0]).map(nothing).modin.to_pandas()", 30, cluster, "client.close(); cluster.close()", 1, 0
    )
    yield against(plan, tool, "task_cost.roundtrip", roundtrip(plan, trips=30), LOOPED, samples=3)
