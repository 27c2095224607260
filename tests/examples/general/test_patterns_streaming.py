"""The stream keeps the order, the window and its promise to stop."""

from __future__ import annotations

import gc
import multiprocessing
import threading
import weakref
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor

import pytest

from examples.patterns.chunk_items import reciprocal
from examples.patterns.stream_results import Counted, map_in_order, negate


@pytest.fixture(scope="module", params=["threads", "processes"])
def pool(request: pytest.FixtureRequest):
    context = multiprocessing.get_context("spawn")
    with ThreadPoolExecutor(2) if request.param == "threads" else ProcessPoolExecutor(2, mp_context=context) as pool:
        yield pool


@pytest.mark.parametrize("window", [1, 2, 7, 100])
def test_order_and_window(pool: Executor, window: int) -> None:
    numbers, results = Counted(30), []
    for result in map_in_order(pool, negate, numbers, window):
        results.append(result)
        assert numbers.read - len(results) <= window
    assert results == [-number for number in range(30)]


def test_later_items_are_computed_while_the_first_is_not_done() -> None:
    reached = threading.Event()

    def task(number: int) -> int:
        if number == 0:
            assert reached.wait(60), "nothing ran beside the first task"
        if number == 5:
            reached.set()
        return number

    with ThreadPoolExecutor(2) as pool:
        assert list(map_in_order(pool, task, range(10), 6)) == list(range(10))


def test_an_exception_stands_in_its_place(pool: Executor) -> None:
    stream = map_in_order(pool, reciprocal, [1, 2, 0, 4], 4)
    assert [next(stream), next(stream)] == [1.0, 0.5]
    with pytest.raises(ZeroDivisionError):
        next(stream)
    assert list(stream) == []


def test_an_exception_cancels_what_has_not_begun() -> None:
    begun, release = [], threading.Event()

    def task(number: int) -> None:
        begun.append(number)
        if number == 0:
            raise ValueError("bad item")
        release.wait()

    with ThreadPoolExecutor(1) as pool:
        with pytest.raises(ValueError, match="bad item"):
            list(map_in_order(pool, task, range(100), 10))
        release.set()
    assert begun in ([0], [0, 1])


def test_an_endless_source_is_read_as_it_is_needed(pool: Executor) -> None:
    numbers = Counted(10**9)
    stream = map_in_order(pool, negate, numbers, 3)
    assert [next(stream) for _ in range(5)] == [0, -1, -2, -3, -4]
    stream.close()
    assert numbers.read == 8


class Sheet:
    """A result that can be watched."""


def test_a_result_is_not_kept_once_it_was_taken() -> None:
    second, release = threading.Event(), threading.Event()

    def task(number: int) -> Sheet:
        if number:
            second.set()
            release.wait()
        return Sheet()

    with ThreadPoolExecutor(1) as pool:
        stream = map_in_order(pool, task, range(3), 2)
        taken = weakref.ref(next(stream))
        second.wait(60)  # the thread has let go of the first future
        gc.collect()
        gone = taken() is None
        release.set()
        stream.close()
    assert gone


def test_an_interrupt_cancels_the_task_that_was_waited_for_too() -> None:
    submitted: list[Future] = []

    class Interrupted(Future):
        def result(self, timeout: float | None = None) -> None:
            raise KeyboardInterrupt

    class Idle(Executor):
        def submit(self, fn, /, *args, **kwargs) -> Future:
            submitted.append(Interrupted())
            return submitted[-1]

    with pytest.raises(KeyboardInterrupt):
        next(map_in_order(Idle(), negate, range(10), 3))
    assert [future.cancelled() for future in submitted] == [True, True, True]


def test_a_window_below_one_is_refused(pool: Executor) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        next(map_in_order(pool, negate, [1], 0))
