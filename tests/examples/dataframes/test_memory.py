"""What the libraries do where the memory does not suffice; the limits lie far from where they would matter.

``resource`` and ``/proc`` are Linux's.
"""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import pytest

from examples.dataframes.check_answers import same_answer
from examples.dataframes.make_tables import make_tables
from examples.dataframes.watch_job import watch

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has this limit")


@pytest.fixture(scope="module")
def folder(home: Path) -> Path:
    return make_tables(home / "tables", 4_000_000)


@pytest.fixture(scope="module")
def right(folder: Path) -> list:
    return watch("duckdb", folder).rows


def test_pandas_raises_where_polars_finishes(folder: Path, right: list) -> None:
    limit = 400
    failed = watch("pandas", folder, memory=limit)
    assert failed.code == 1
    assert failed.errors.strip().splitlines()[-1].split(":")[0].endswith("MemoryError")
    streamed = watch("polars", folder, memory=limit)
    assert (streamed.code, same_answer(streamed.rows, right)) == (0, True)


def test_polars_ends_the_process(folder: Path) -> None:
    ended = watch("polars", folder, memory=50)
    assert ended.code == -signal.SIGABRT
    assert "memory allocation of" in ended.errors
    assert "Traceback" not in ended.errors


def test_duckdb_keeps_to_its_own_limit_or_refuses(folder: Path, right: list) -> None:
    assert same_answer(watch("duckdb", folder, memory=100).rows, right)
    refused = watch("duckdb", folder, memory=10)
    assert refused.code == 1
    assert "OutOfMemoryException" in refused.errors


@pytest.mark.parametrize(("engine", "memory"), [("spark", 512), ("ray", 100), ("dask", 1000)])
def test_a_framework_under_its_own_limit_gives_the_right_answer(
    folder: Path, right: list, engine: str, memory: int
) -> None:
    run = watch(engine, folder, memory=memory)
    assert run.code == 0, run.errors
    known = [row for row in run.rows if row[0] != "unknown"]
    assert same_answer(known, right)
