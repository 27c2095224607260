"""What is expensive is opened once a worker."""

from __future__ import annotations

import logging
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from examples.patterns.initialize_workers import find_weight, make_catalog, name_connection, open_catalog


def make_pool(kind: str, path: Path) -> Executor:
    if kind == "threads":
        return ThreadPoolExecutor(2, initializer=open_catalog, initargs=(path,))
    return ProcessPoolExecutor(2, get_context("spawn"), open_catalog, (path,))


@pytest.mark.parametrize("kind", ["threads", "processes"])
def test_each_worker_opens_one_connection(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "catalog.db"
    make_catalog(path, 100)
    with make_pool(kind, path) as pool:
        assert list(pool.map(find_weight, [f"m{number}" for number in range(100)])) == [n / 2 for n in range(100)]
        connections = set(pool.map(name_connection, range(100)))
    workers = {(process, thread) for process, thread, _ in connections}
    assert len(connections) == len(workers) <= 2


@pytest.mark.parametrize("kind", ["threads", "processes"])
def test_an_initializer_that_fails_breaks_the_pool(tmp_path: Path, kind: str, caplog: pytest.LogCaptureFixture) -> None:
    with (
        caplog.at_level(logging.CRITICAL + 1, "concurrent.futures"),
        make_pool(kind, tmp_path / "missing.db") as pool,
        pytest.raises(BrokenExecutor),
    ):
        pool.submit(find_weight, "m1").result()


def test_the_catalog_is_opened_for_reading(tmp_path: Path) -> None:
    path = tmp_path / "a file with spaces, ? and %.db"
    make_catalog(path, 1)
    with make_pool("threads", path) as pool:
        assert pool.submit(find_weight, "m0").result() == 0.0
