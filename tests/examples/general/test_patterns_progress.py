"""The bar counts what is done, and says what failed."""

from __future__ import annotations

import io
import multiprocessing
import threading
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial

import pytest

from examples.patterns.chunk_items import make_chunks, reciprocal, run_chunk
from examples.patterns.show_progress import watch


@pytest.fixture(scope="module", params=["threads", "processes"])
def pool(request: pytest.FixtureRequest):
    context = multiprocessing.get_context("spawn")
    with ThreadPoolExecutor(2) if request.param == "threads" else ProcessPoolExecutor(2, mp_context=context) as pool:
        yield pool


def test_a_failed_item_is_done_and_named(pool: Executor) -> None:
    report = io.StringIO()
    weights = {pool.submit(reciprocal, number): 1 for number in range(-2, 3)}
    futures = list(watch(weights, file=report))
    assert set(futures) == set(weights)
    assert "5/5" in report.getvalue() and "failed=1" in report.getvalue()


def test_a_chunk_counts_its_items(pool: Executor) -> None:
    report = io.StringIO()
    weights = {pool.submit(partial(run_chunk, abs), chunk): len(chunk) for chunk in make_chunks(range(101), 10)}
    assert len(list(watch(weights, file=report))) == 11
    assert "101/101" in report.getvalue() and "failed" not in report.getvalue()


def test_a_canceled_task_counts() -> None:
    report, release = io.StringIO(), threading.Event()
    with ThreadPoolExecutor(1) as pool:
        weights = {pool.submit(release.wait): 1 for _ in range(3)}
        assert list(weights)[-1].cancel()
        release.set()
        assert len(list(watch(weights, file=report))) == 3
    assert "3/3" in report.getvalue() and "failed=1" in report.getvalue()


def test_a_caller_that_stops_closes_the_bar(pool: Executor) -> None:
    report = io.StringIO()
    weights = {pool.submit(abs, number): 1 for number in range(5)}
    stream = watch(weights, file=report)
    next(stream)
    stream.close()
    assert "1/5" in report.getvalue()
    assert report.getvalue().endswith("\n")


def test_no_tasks() -> None:
    assert list(watch({}, file=io.StringIO())) == []
