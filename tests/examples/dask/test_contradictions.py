"""What the ledger of contradictions says of Dask, run."""

from __future__ import annotations

import dask
import dask.dataframe as dd
import distributed  # noqa: F401 - brings the configuration of workers
import pandas


def test_a_worker_looks_at_its_memory_every_tenth_of_a_second():
    assert dask.config.get("distributed.worker.memory.monitor-interval") == "100ms"


def test_a_query_on_a_dataframe_is_optimized():
    frame = dd.from_pandas(pandas.DataFrame({name: range(10) for name in "abc"}), npartitions=2)
    query = frame[frame.a > 3]["b"].sum()
    # Only the optimized plan names the columns that the source must give: two of three.
    assert "columns=['a', 'b']" not in query.expr.tree_repr()
    assert "columns=['a', 'b']" in query.optimize(fuse=False).expr.tree_repr()
    assert query.compute(scheduler="synchronous") == sum(range(4, 10))
