"""What is too slow or too destructive for the page of concurrent-futures."""

from __future__ import annotations

from examples.concurrent_futures import run_shared_job


def test_no_batches_no_summaries() -> None:
    assert run_shared_job.run([]) == []
