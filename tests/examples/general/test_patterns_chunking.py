"""Chunks change what a task is, and no item's outcome."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor

import pytest

from examples.patterns.chunk_items import Outcome, make_chunks, map_chunks, reciprocal, run_chunk
from examples.patterns.stream_results import Counted


class Inline(Executor):
    """Runs a task when it is submitted, and counts the tasks."""

    def __init__(self) -> None:
        self.tasks = 0

    def submit(self, fn, /, *args, **kwargs) -> Future:
        self.tasks += 1
        future: Future = Future()
        future.set_result(fn(*args, **kwargs))
        return future


class Stubborn(Exception):
    """Cannot be rebuilt from its pickle."""

    def __init__(self, name: str, line: int) -> None:
        super().__init__(f"{name}:{line}")


@pytest.fixture(scope="module", params=["threads", "processes"])
def pool(request: pytest.FixtureRequest):
    context = multiprocessing.get_context("spawn")
    with ThreadPoolExecutor(2) if request.param == "threads" else ProcessPoolExecutor(2, mp_context=context) as pool:
        yield pool


@pytest.mark.parametrize(("count", "size"), [(0, 3), (1, 3), (3, 3), (10, 3), (10, 1), (10, 100)])
def test_every_item_has_its_outcome_in_order(pool: Executor, count: int, size: int) -> None:
    outcomes = list(map_chunks(pool, abs, range(-count, 0), size))
    assert outcomes == [Outcome(number, -number) for number in range(-count, 0)]


def test_a_bad_item_costs_no_other_its_result(pool: Executor) -> None:
    outcomes = list(map_chunks(pool, reciprocal, range(-5, 6), 4))
    bad = [outcome for outcome in outcomes if outcome.error]
    assert [outcome.item for outcome in bad] == [0]
    assert "in reciprocal" in bad[0].error and "ZeroDivisionError" in bad[0].error
    assert [outcome.result for outcome in outcomes if not outcome.error] == [1 / n for n in range(-5, 6) if n]


def test_the_chunk_size_of_the_pool_loses_results(pool: Executor) -> None:
    """What the page says of ``Executor.map(chunksize=)``; threads ignore the parameter."""
    results = []
    with pytest.raises(ZeroDivisionError):
        for result in pool.map(reciprocal, range(-2, 3), chunksize=5):
            results.append(result)
    assert len(results) == (0 if isinstance(pool, ProcessPoolExecutor) else 2)


def test_tasks_are_as_many_as_chunks() -> None:
    pool = Inline()
    assert len(list(map_chunks(pool, abs, range(1_000), 64))) == 1_000
    assert pool.tasks == 16


def test_an_exception_that_does_not_survive_pickling_is_text() -> None:
    def refuse(item: int) -> None:
        raise Stubborn("sheet", item)

    (outcome,) = run_chunk(refuse, [7])
    assert "Stubborn: sheet:7" in outcome.error


def test_an_interrupt_is_no_outcome() -> None:
    def interrupt(item: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_chunk(interrupt, [1])


def test_chunks_are_cut_without_reading_ahead() -> None:
    numbers = Counted(10)
    chunks = make_chunks(numbers, 4)
    assert next(chunks) == (0, 1, 2, 3)
    assert numbers.read == 4
    assert list(chunks) == [(4, 5, 6, 7), (8, 9)]


@pytest.mark.parametrize("size", [0, -1])
def test_a_size_below_one_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        next(make_chunks([1], size))
