"""What the chapter on multiprocessing says and does not run on its page, because it hangs or never ends."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import resource_tracker
from multiprocessing.pool import ThreadPool
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path

import pytest

from examples.multiprocessing import log_through_queue, run_shared_job, trap_odd_exception
from examples.multiprocessing.call_with_limit import WorkerDied, call_with_limit
from examples.multiprocessing.trap_nested_pool import inspect_both_sides
from examples.multiprocessing.trap_orphans import outlived

METHODS = multiprocessing.get_all_start_methods()

#: Seconds that something has which must happen, on a machine that is busy.
PATIENCE = 60


def wait_until(condition) -> None:
    """Return when *condition* holds; fail when it does not within the patience."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def test_no_batches_no_summaries():
    assert run_shared_job.run([]) == []


def test_the_script_runs():
    command = [sys.executable, "-m", "examples.multiprocessing.run_shared_job"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=True)
    assert ended.stdout.count("thinnest_member") == 8


@pytest.mark.parametrize("method", METHODS)
def test_a_task_that_leaves_is_lost(method):
    with multiprocessing.get_context(method).Pool(1) as pool:
        answer = pool.apply_async(sys.exit, (1,))
        with pytest.raises(multiprocessing.TimeoutError):
            answer.get(timeout=1)
        assert pool.apply(abs, (-1,)) == 1


def raise_and_note(folder: str) -> None:
    """Initializer that leaves a file with its process's name and fails."""
    Path(folder, str(os.getpid())).touch()
    raise RuntimeError("no database")


def test_an_initializer_that_raises_starts_workers_without_end(tmp_path):
    with multiprocessing.Pool(1, raise_and_note, (str(tmp_path),)) as pool:
        answer = pool.apply_async(abs, (-1,))
        wait_until(lambda: len(list(tmp_path.iterdir())) > 4)
        assert not answer.ready()


def test_the_other_pool_breaks_instead(tmp_path):
    executor = ProcessPoolExecutor(1, initializer=raise_and_note, initargs=(str(tmp_path),))
    with executor, pytest.raises(BrokenProcessPool):
        executor.submit(abs, -1).result(timeout=PATIENCE)
    assert len(list(tmp_path.iterdir())) == 1


def test_an_odd_exception_leaves_a_traceback_of_the_pools_thread():
    command = [sys.executable, "-m", "examples.multiprocessing.trap_odd_exception"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    assert "in _handle_results" in ended.stderr
    assert "ReadingError.__init__() missing 1 required positional argument" in ended.stderr


def test_a_portable_exception_arrives_in_a_pool_that_lives_on():
    assert trap_odd_exception.report(trap_odd_exception.PortableReadingError).endswith("member 7: 2.5 mm")


UNGUARDED_POOL = """
import multiprocessing

with multiprocessing.get_context("spawn").Pool(1) as pool:
    print(pool.map(abs, [-1]))
"""


def test_an_unguarded_pool_starts_workers_without_end(tmp_path):
    script, errors = tmp_path / "unguarded.py", tmp_path / "errors.txt"
    script.write_text(UNGUARDED_POOL)
    with errors.open("w") as stream:
        program = subprocess.Popen([sys.executable, script], stderr=stream)
    try:
        wait_until(lambda: errors.read_text().count("bootstrapping phase") > 4)
        assert program.poll() is None
    finally:
        program.kill()  # its last worker fails as the others did, and its resource tracker tidies up
        program.wait()


def test_workers_end_when_ctrl_c_reaches_them_all():
    assert not outlived(signal.SIGINT, "guarded", group=True, patience=PATIENCE)


def test_workers_that_watch_outlive_no_terminated_parent():
    assert not outlived(signal.SIGTERM, "guarded", patience=PATIENCE)


def reads_from(memory: SharedMemory, track: str) -> None:
    """Have a program that is no child of ``multiprocessing`` attach to *memory* and end."""
    code = f"from multiprocessing.shared_memory import SharedMemory\nSharedMemory({memory.name!r}{track}).close()"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=PATIENCE, stderr=subprocess.DEVNULL)


def exists(memory: SharedMemory) -> bool:
    return Path("/dev/shm", memory.name.lstrip("/")).exists()


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="shared memory has no files here")
def test_a_stranger_that_attaches_takes_shared_memory_along():
    memory = SharedMemory(create=True, size=1)
    try:
        reads_from(memory, "")
        wait_until(lambda: not exists(memory))  # its resource tracker ends after it
    finally:
        memory.close()
        # Gone already: only our own tracker is to be told.
        resource_tracker.unregister(memory._name, "shared_memory")


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="shared memory has no files here")
def test_a_stranger_that_does_not_track_leaves_it():
    memory = SharedMemory(create=True, size=1)
    try:
        if sys.version_info < (3, 13):
            with pytest.raises(TypeError, match="track"):
                SharedMemory(memory.name, track=False)
        else:
            reads_from(memory, ", track=False")
        assert exists(memory)  # no tracker was started that could remove it later
    finally:
        memory.close()
        memory.unlink()


def test_the_start_method_is_set_once():
    code = (
        "import multiprocessing\n"
        "multiprocessing.set_start_method('spawn')\n"
        "try:\n"
        "    multiprocessing.set_start_method('fork')\n"
        "except RuntimeError as error:\n"
        "    print(error)\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout == "context has already been set\n"


def test_a_limited_call_returns_raises_and_reports_deaths():
    assert call_with_limit(PATIENCE, pow, 2, 10) == 1024
    with pytest.raises(ZeroDivisionError):
        call_with_limit(PATIENCE, divmod, 1, 0)
    with pytest.raises(WorkerDied, match="exit code 3"):
        call_with_limit(PATIENCE, os._exit, 3)


def test_a_limited_call_returns_more_than_a_pipe_holds():
    assert len(call_with_limit(PATIENCE, bytes, 1_000_000)) == 1_000_000


def test_a_limited_call_of_what_cannot_be_sent_back_fails():
    with pytest.raises((AttributeError, TypeError)):
        call_with_limit(PATIENCE, memoryview, b"")


def test_an_unlimited_call_would_wait():
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        call_with_limit(0.1, time.sleep, 10 * PATIENCE)
    assert time.monotonic() - began < 5 * PATIENCE


@pytest.mark.parametrize("method", METHODS)
def test_every_record_arrives_through_the_queue(method, tmp_path):
    counts = [log_through_queue.lines_logged(method, tmp_path / f"{number}.log") for number in range(3)]
    assert counts == [4, 4, 4]
    log_through_queue.logger.handlers.clear()


def test_imap_raises_for_one_item_and_goes_on():
    with multiprocessing.Pool(1) as pool:
        results = pool.imap(abs, [-1, "two", -3])
        assert next(results) == 1
        with pytest.raises(TypeError):
            next(results)
        assert next(results) == 3


def test_the_end_of_the_block_kills_what_still_runs(tmp_path):
    with multiprocessing.Pool(1) as pool:
        pool.apply_async(Path.touch, (tmp_path / "begun",))
        wait_until((tmp_path / "begun").exists)
        pool.apply_async(time.sleep, (10 * PATIENCE,))
        began = time.monotonic()
    assert time.monotonic() - began < 5 * PATIENCE


def test_a_nested_pool_is_refused_under_every_start_method():
    for method in METHODS:
        pool = multiprocessing.get_context(method).Pool(1)
        with pool, pytest.raises(AssertionError, match="daemonic processes"):
            pool.apply(inspect_both_sides)


def test_chunks_are_a_fourth_of_each_workers_share():
    for items, workers in itertools.product((1, 7, 8, 9, 100), (1, 2)):
        with ThreadPool(workers) as pool:
            size = pool.map_async(abs, range(items))._chunksize
        assert size == -(-items // (4 * workers))
