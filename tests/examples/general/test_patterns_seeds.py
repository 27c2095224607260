"""Results depend on the root seed and the task, not on who computes what when."""

from __future__ import annotations

import random
import subprocess
import sys
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from multiprocessing import get_all_start_methods, get_context

import numpy as np
import pytest

from examples.patterns.seed_tasks import draw_number, generator_of, scatter, spawn_seeds


def make_pool(kind: str, workers: int) -> Executor:
    if kind == "threads":
        return ThreadPoolExecutor(workers)
    return ProcessPoolExecutor(workers, get_context("spawn"))


@pytest.mark.parametrize("kind", ["threads", "processes"])
def test_the_same_results_for_one_two_and_four_workers(kind: str) -> None:
    alone = [scatter(seed) for seed in spawn_seeds(2026, 20)]
    plain = [draw_number(2026, task) for task in range(20)]
    for workers in (1, 2, 4):
        with make_pool(kind, workers) as pool:
            assert list(pool.map(scatter, spawn_seeds(2026, 20), chunksize=3)) == alone
            assert list(pool.map(partial(draw_number, 2026), range(20))) == plain


def test_every_task_draws_its_own() -> None:
    assert len({draw_number(1, task) for task in range(1_000)}) == 1_000
    first = {np.random.default_rng(seed).random() for seed in spawn_seeds(1, 1_000)}
    assert len(first) == 1_000


def test_neighboring_roots_share_no_task() -> None:
    """As ``root + task`` would: task 1 of root 1 is task 0 of root 2."""
    numbers = {draw_number(root, task) for root in range(10) for task in range(100)}
    assert len(numbers) == 1_000


def test_more_tasks_leave_the_first_ones_as_they_were() -> None:
    few, many = spawn_seeds(7, 3), spawn_seeds(7, 30)
    assert [scatter(seed) for seed in few] == [scatter(seed) for seed in many[:3]]


def test_a_task_that_runs_twice_draws_the_same() -> None:
    (seed,) = spawn_seeds(7, 1)
    assert scatter(seed) == scatter(seed)


def test_the_global_generator_is_left_alone() -> None:
    random.seed(1)
    state = random.getstate()
    generator_of(1, 2).random()
    assert random.getstate() == state


@pytest.mark.skipif("fork" not in get_all_start_methods(), reason="this platform has no fork")
def test_forked_workers_repeat_the_numbers_of_numpy_and_not_those_of_random() -> None:
    command = [sys.executable, "-m", "examples.patterns.trap_inherited_state"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    assert ended.stdout == "1 different of NumPy, 4 of random\n"
