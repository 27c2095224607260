"""What is too slow or too destructive for the page of threading."""

from __future__ import annotations

from examples.threading import run_shared_job


def test_no_batches_no_summaries() -> None:
    assert run_shared_job.run([]) == []
