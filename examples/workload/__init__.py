"""The one business job that every system runs, in three shapes, with known answers.

An inspection company receives readings of steel members in batches.

* :mod:`examples.workload.inspection` – ``summarise(batch)``: pure Python, holds the GIL.
* :mod:`examples.workload.web` – ``fetch(url)``: waits for a local HTTP server with a set latency.
* :mod:`examples.workload.table` – ``group(table)``: a dataframe aggregation.

Every shape is deterministic; its answers stand in :mod:`examples.workload.answers`.
"""
