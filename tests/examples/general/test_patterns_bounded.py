"""Bounded submission never runs ahead, whatever the tasks and the caller do."""

from __future__ import annotations

import multiprocessing
import threading
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor, ThreadPoolExecutor

import pytest

from examples.patterns.bound_submission import map_bounded
from examples.patterns.chunk_items import reciprocal
from examples.patterns.hang_sometimes import convert
from examples.patterns.stream_results import Counted


@pytest.fixture(scope="module", params=["threads", "processes"])
def pool(request: pytest.FixtureRequest):
    context = multiprocessing.get_context("spawn")
    with ThreadPoolExecutor(2) if request.param == "threads" else ProcessPoolExecutor(2, mp_context=context) as pool:
        yield pool


@pytest.mark.parametrize("limit", [1, 2, 7, 100])
def test_the_generator_is_never_ahead_by_more_than_the_limit(pool: Executor, limit: int) -> None:
    numbers, taken = Counted(30), 0
    for number, future in map_bounded(pool, abs, numbers, limit):
        taken += 1
        assert numbers.read - taken < limit
        assert future.result() == number
    assert taken == numbers.read == 30


def test_a_task_that_raises_ends_nothing(pool: Executor) -> None:
    outcomes = {number: future.exception() for number, future in map_bounded(pool, reciprocal, range(-3, 4), 2)}
    assert len(outcomes) == 7
    assert {number for number, error in outcomes.items() if error} == {0}


def test_no_items(pool: Executor) -> None:
    assert list(map_bounded(pool, abs, [], 3)) == []


def test_a_limit_below_one_is_refused(pool: Executor) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        next(map_bounded(pool, abs, [1], 0))


def test_a_caller_that_stops_cancels_what_has_not_begun() -> None:
    begun, release = [], threading.Event()

    def task(number: int) -> int:
        begun.append(number)
        if number:
            release.wait()
        return number

    with ThreadPoolExecutor(1) as pool:
        stream = map_bounded(pool, task, range(100), 5)
        next(stream)
        stream.close()
        release.set()
    assert begun in ([0], [0, 1])  # the second may have begun meanwhile; the third has not


def test_items_that_raise_cancel_what_has_not_begun() -> None:
    begun, release = [], threading.Event()

    def items():
        yield from range(3)
        raise OSError("the list of files ended early")

    def task(number: int) -> None:
        begun.append(number)
        release.wait()

    with ThreadPoolExecutor(1) as pool:
        with pytest.raises(OSError, match="ended early"):
            next(map_bounded(pool, task, items(), 5))
        release.set()
    assert begun in ([], [0])


def test_a_dead_worker_ends_the_stream_with_an_error() -> None:
    names = ["a", "crash", *map(str, range(20))]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=context) as pool, pytest.raises(BrokenExecutor):
        for _, future in map_bounded(pool, convert, names, 4):
            future.result()
