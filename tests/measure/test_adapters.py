"""The adapters that need only the standard library: right answers, also after a failure, and nothing left behind."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time
import warnings
from pathlib import Path

import psutil
import pytest

from examples.measure import shared
from examples.measure.adapter import variants
from examples.measure.provenance import ROOT
from examples.measure.tasks import add, length
from examples.multiprocessing.start_pool import in_fresh_interpreter

SYSTEMS = ("baseline", "multiprocessing", "concurrent-futures")
ENGINES = [(system, variant) for system in SYSTEMS for variant in variants(system)]
HELPERS = ("resource_tracker", "forkserver")  # of the standard library; they live as long as the interpreter


@pytest.fixture(params=ENGINES, ids=[" ".join(engine).rstrip() for engine in ENGINES])
def adapter(request, tmp_path):
    """Each variant of each system, started with two workers; afterwards no process or thread of it is left."""
    system, variant = request.param
    processes, threads = children(), threading.active_count()
    started = variants(system)[variant]()
    try:
        with warnings.catch_warnings():
            # Which processes and threads pytest holds is its own affair; no other warning is.
            warnings.filterwarnings("ignore", message=".*use of fork\\(\\) may lead to deadlocks")
            started.start(2, tmp_path)
            yield started
    finally:
        started.stop()
    started.stop()  # a second time does no harm
    deadline = time.monotonic() + 5
    while children() - processes and time.monotonic() < deadline:
        time.sleep(0.01)
    assert children() - processes == set()
    assert threading.active_count() == threads


def children() -> set[int]:
    found = psutil.Process().children(recursive=True)
    return {child.pid for child in found if not any(helper in command(child) for helper in HELPERS)}


def command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def test_answers_are_right_and_in_order(adapter):
    assert adapter.one(add, 20, 22) == 42
    for count in (0, 1, 2, 3, 101):
        numbers = list(range(-count, 0))
        assert adapter.many(abs, numbers) == [abs(number) for number in numbers]


def test_a_large_payload_arrives_whole_in_both_directions(adapter):
    payload = os.urandom(3_000_001)
    assert adapter.one(length, payload) == len(payload)
    assert adapter.one(bytes, payload) == payload
    assert adapter.many(bytes, [payload, payload[1:], payload[2:]]) == [payload, payload[1:], payload[2:]]


@pytest.mark.parametrize("size", [1, 4095, 4096, 1_000_001])
def test_shared_data_are_seen_whole(adapter, size):
    if not hasattr(adapter, "shared"):
        pytest.skip("this engine shares nothing")
    with adapter.shared(b"x" * size) as read:
        assert [read() for _ in range(3)] == [size] * 3


def test_an_exception_reaches_the_caller_and_the_engine_goes_on(adapter):
    with pytest.raises(ZeroDivisionError):
        adapter.one(divmod, 1, 0)
    with pytest.raises(TypeError):
        adapter.many(abs, [-1, "one", -2, "two"])
    assert adapter.many(abs, [-1, -2, -3]) == [1, 2, 3]


def test_own_probes_return_positive_samples(adapter):
    for name, (unit, take) in getattr(adapter, "extra", dict)().items():
        sample = take()
        assert 0 < sample < 60, name
        assert unit in ("s", ""), name


def test_the_start_method_is_known():
    for system in ("multiprocessing", "concurrent-futures"):
        assert variants(system)[""].settings()["start_method"] in ("fork", "forkserver", "spawn")


@pytest.mark.parametrize("system", SYSTEMS)
def test_stopping_while_tasks_run_leaves_nothing(system, tmp_path):
    """As after an interrupt: the tasks are sent, and nobody waits for their results."""
    processes = children()
    engine = variants(system)[""]()
    engine.start(2, tmp_path)
    engine.one(add, 1, 2)
    waiting = threading.Thread(target=swallow, args=(engine.many, time.sleep, [0.3, 0.3]), daemon=True)
    with warnings.catch_warnings():
        # Which threads are alive is this test's own affair.
        warnings.filterwarnings("ignore", message=".*use of fork\\(\\) may lead to deadlocks")
        waiting.start()
        time.sleep(0.1)
    engine.stop()
    assert children() - processes == set()


def swallow(call, *arguments) -> None:
    with contextlib.suppress(BaseException):
        call(*arguments)


def test_a_worker_of_the_baseline_that_dies_is_one_clear_error(tmp_path):
    engine = variants("baseline")[""]()
    engine.start(1, tmp_path)
    try:
        with pytest.raises(RuntimeError, match="baseline: a worker ended before it answered"):
            engine.one(os._exit, 3)
    finally:
        engine.stop()


def test_what_a_task_of_the_baseline_prints_is_no_answer(tmp_path):
    engine = variants("baseline")[""]()
    engine.start(1, tmp_path)
    try:
        assert engine.one(print, "to standard error") is None
        assert engine.one(add, 1, 2) == 3
    finally:
        engine.stop()


@pytest.mark.skipif(sys.platform == "win32", reason="one start method")
@pytest.mark.parametrize("method", ["fork", "forkserver", "spawn"])
def test_a_pool_starts_by_each_method(method):
    assert 0 < in_fresh_interpreter(method, 1) < 60


SHARE = """
import pathlib, sys
from examples.measure.adapter import variants
import multiprocessing

if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[2])
    engine = variants(sys.argv[1])[""]()
    engine.start(2, pathlib.Path())
    with engine.shared(b"x" * 100_000) as read:
        print(read(), read())
    engine.stop()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /dev/shm")
@pytest.mark.parametrize("method", ["fork", "forkserver", "spawn"])
@pytest.mark.parametrize("system", ["multiprocessing", "concurrent-futures"])
def test_shared_memory_is_removed_once_and_silently(system, method, tmp_path):
    """The tracker of each process must neither warn nor remove what another still uses, by any start method."""
    script = tmp_path / "share.py"
    script.write_text(SHARE, "utf8")
    before = set(Path("/dev/shm").iterdir())
    run = subprocess.run(
        [sys.executable, "-W", "error", script, system, method],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (run.returncode, run.stdout, run.stderr) == (0, "100000 100000\n", "")
    assert {path for path in set(Path("/dev/shm").iterdir()) - before if path.name.startswith("psm_")} == set()


def test_touching_reads_any_buffer():
    for data in (b"x" * 10_000, bytearray(10_000), memoryview(b"x" * 10_000)):
        assert shared.touch(data) == 10_000
