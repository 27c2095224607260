"""The adapters of the measuring harness give right answers before anybody times them, also on a reader's cluster."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from examples.dask import measure
from examples.dask.measure import VARIANTS, Adapter
from examples.measure.probes import check
from examples.measure.tasks import cell


@pytest.fixture(scope="module", params=VARIANTS, ids=lambda variant: variant or "default")
def adapter(request, home):
    """Each variant, started with two workers."""
    started = VARIANTS[request.param]()
    started.start(2, home)
    yield started
    started.stop()


def test_answers_are_right(adapter):
    check(adapter)


def test_an_impure_function_runs_each_time(adapter, tmp_path):
    marks = tmp_path / "marks"
    for _ in range(2):
        adapter.one(leave_mark, marks)
    assert marks.stat().st_size == 2


def test_own_probes_return_seconds(adapter):
    for name, (unit, take) in adapter.extra().items():
        assert unit == "s", name
        assert 0 < take() < 60, name


@pytest.mark.parametrize(("width", "steps"), [(1, 1), (1, 3), (2, 2), (5, 4)])
def test_a_stencil_counts_the_ways_that_lead_to_each_cell(adapter, width, steps):
    row = [1] * width
    for _ in range(steps - 1):
        row = [1 + sum(row[max(0, number - 1) : number + 2]) for number in range(width)]
    assert adapter.stencil(cell, 1, width, steps) == row


@pytest.mark.parametrize("size", [1, 4_096, 3_000_001])
def test_shared_data_are_seen_whole(adapter, size):
    with adapter.shared(b"x" * size) as read:
        assert [read() for _ in range(2)] == [size] * 2


def test_a_task_that_fails_does_not_spoil_the_next(adapter):
    with pytest.raises(TypeError):
        adapter.many(abs, [-1, "one", -2])
    assert adapter.many(abs, [-1, -2, -3]) == [1, 2, 3]


# A reader's own cluster: a scheduler and a worker in processes of their own.


def test_connects_and_leaves_the_cluster_running(home):
    with scheduler(home) as (address, environment), worker(address, environment, "--nthreads", "2"):
        for _ in range(2):  # the second finds it as the first did
            engine = Adapter()
            assert engine.connect(address, home) == 2
            try:
                check(engine)
                assert engine.stencil(cell, 1, 3, 2) == [3, 4, 3]
                assert not {"recovery.killed_worker", "transfer.100MB"} & set(engine.extra())
            finally:
                engine.stop()


def test_a_cluster_that_cannot_run_the_probes_is_one_clear_error(home, monkeypatch):
    engine = Adapter()
    monkeypatch.setattr(measure, "PATIENCE", 1)
    with pytest.raises(ConnectionError, match="dask: no scheduler answers at 'tcp://127.0.0.1:1'"):
        engine.connect("tcp://127.0.0.1:1", home)
    with pytest.raises(ConnectionError, match="dask: no scheduler answers at 'nonsense://'"):
        engine.connect("nonsense://", home)
    with scheduler(home) as (address, environment):
        with pytest.raises(ConnectionError, match=f"dask: the scheduler at '{address}' has no workers"):
            engine.connect(address, home)
        del environment["PYTHONPATH"]
        with worker(address, environment), pytest.raises(ConnectionError, match="repository's root in PYTHONPATH"):
            engine.connect(address, home)
    engine.stop()


@contextlib.contextmanager
def scheduler(home: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Run a scheduler on a free port of the loopback interface; yield its address and the environment for workers."""
    file = home / "scheduler.json"
    file.unlink(missing_ok=True)
    environment = dict(os.environ)
    arguments = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file)]
    with process(["scheduler", *arguments], environment):
        wait(lambda: file.exists() and file.stat().st_size)
        from distributed import Client

        with Client(scheduler_file=str(file), set_as_default=False) as client:
            address = client.scheduler.address
        yield address, environment


@contextlib.contextmanager
def worker(address: str, environment: dict[str, str], *arguments: str) -> Iterator[None]:
    """Run a worker, without a nanny, until the block ends."""
    from distributed import Client

    command = ["worker", address, "--no-nanny", "--no-dashboard", "--host", "127.0.0.1", "--nthreads", "1", *arguments]
    with process(command, environment):
        with Client(address, set_as_default=False) as client:
            client.wait_for_workers(1, timeout=30)
        yield


@contextlib.contextmanager
def process(arguments: list[str], environment: dict[str, str]) -> Iterator[None]:
    command = [sys.executable, "-m", "distributed.cli.dask_" + arguments[0], *arguments[1:]]
    child = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        child.terminate()
        try:
            child.wait(10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def wait(ready) -> None:
    deadline = time.monotonic() + 30
    while not ready():
        assert time.monotonic() < deadline, "the scheduler did not start"
        time.sleep(0.02)


def leave_mark(marks):
    """Append one byte."""
    with marks.open("ab") as file:
        file.write(b".")
