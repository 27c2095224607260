"""What the chapter on concurrent.futures says and does not run on its page."""

from __future__ import annotations

import multiprocessing
import pickle
import subprocess
import sys
import threading
import time
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import resource_sharer

import pytest

from examples.concurrent_futures import trap_leave_with_block, trap_swallow_exceptions
from examples.concurrent_futures.cancel_tasks import PATIENCE, hold, wait_for
from examples.concurrent_futures.collect_outcomes import collect
from examples.concurrent_futures.fail_tasks import die_on, reciprocal
from examples.concurrent_futures.isolate_failures import run_isolated
from examples.concurrent_futures.stop_workers import kill_workers
from examples.concurrent_futures.trap_count_cpus import usable_cpus
from examples.concurrent_futures.trap_map_reads_all import map_buffered, total
from examples.concurrent_futures.trap_wait_for_cancelled import give_up_one_by_one, give_up_with_shutdown
from examples.workload.answers import SUMMARIES
from examples.workload.inspection import inspect_batch

METHODS = multiprocessing.get_all_start_methods()


def nested(number: int) -> int:
    """Open a pool of processes inside a worker process."""
    with ProcessPoolExecutor(1) as pool:
        return pool.submit(abs, number).result()


def exit_in_task() -> None:
    raise SystemExit(3)


def outcome(future: Future) -> BaseException | None:
    """Return the exception of a future, that of its cancellation included."""
    try:
        return future.exception(timeout=PATIENCE)
    except CancelledError as error:
        return error


def executor_threads() -> list[threading.Thread]:
    """Return the manager threads of process pools and the workers of thread pools that live."""
    return [
        thread
        for thread in threading.enumerate()
        if type(thread).__name__ == "_ExecutorManagerThread" or thread.name.startswith("ThreadPoolExecutor")
    ]


def initializer_that_fails() -> None:
    raise OSError("no limits.json")


def local_function():
    return lambda number: number


@pytest.mark.parametrize("method", METHODS)
def test_the_shared_job_runs_under_every_start_method(method):
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context(method)) as pool:
        assert list(pool.map(inspect_batch, range(8))) == SUMMARIES


@pytest.mark.parametrize("method", METHODS)
def test_a_lambda_fails_its_own_future_and_not_the_pool(method):
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context(method)) as pool:
        refused = pool.submit(local_function()).exception()
        assert isinstance(refused, (pickle.PicklingError, AttributeError, TypeError))
        assert pool.submit(abs, -1).result() == 1


def test_a_result_that_cannot_be_pickled_fails_its_own_future():
    with ProcessPoolExecutor(1) as pool:
        assert pool.submit(threading.Lock).exception() is not None
        assert pool.submit(abs, -1).result() == 1


def test_the_traceback_of_the_worker_is_the_cause():
    with ProcessPoolExecutor(1) as pool:
        error = pool.submit(reciprocal, 0).exception()
    assert "in reciprocal" in str(error.__cause__)


@pytest.mark.parametrize("pool", [ThreadPoolExecutor, ProcessPoolExecutor])
def test_sys_exit_in_a_task_is_raised_where_its_result_is_asked_for(pool):
    with pool(1) as executor:
        future = executor.submit(exit_in_task)
        with pytest.raises(SystemExit):
            future.result()
        assert executor.submit(abs, -1).result() == 1


def test_an_initializer_that_raises_breaks_the_pool():
    with ProcessPoolExecutor(1, initializer=initializer_that_fails) as pool, pytest.raises(BrokenProcessPool):
        pool.submit(abs, -1).result()


def test_a_process_pool_can_be_opened_in_a_worker():
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        assert pool.submit(nested, -1).result() == 1


def test_a_process_pool_cannot_be_an_argument():
    with ProcessPoolExecutor(1) as pool:
        assert isinstance(pool.submit(id, pool).exception(), TypeError)
    # The attempt pickled connections of the pool, for which multiprocessing started a thread with a socket.
    resource_sharer.stop(timeout=PATIENCE)


def test_callbacks_run_in_the_manager_thread_and_what_they_raise_is_logged(caplog, tmp_path):
    ran_in = []

    def callback(future: Future) -> None:
        ran_in.append(threading.current_thread())
        raise ValueError("lost")

    gate = tmp_path / "gate"
    with ProcessPoolExecutor(1) as pool:
        future = pool.submit(hold, tmp_path / "started", gate)
        future.add_done_callback(callback)
        gate.touch()
    assert future.result() == "done"
    (thread,) = ran_in
    assert type(thread).__name__ == "_ExecutorManagerThread"
    assert "exception calling callback" in caplog.text


def test_isolation_gives_everybody_but_the_murderer_a_result():
    outcomes = run_isolated(partial(die_on, 1), range(4))
    assert isinstance(outcomes.pop(1), BrokenProcessPool)
    assert outcomes == {0: 0, 2: 2, 3: 3}


def test_isolation_keeps_exceptions():
    outcomes = run_isolated(reciprocal, [2, 0])
    assert outcomes[2] == 0.5
    assert isinstance(outcomes[0], ZeroDivisionError)


def test_killing_cancels_what_waited(tmp_path):
    pool = ProcessPoolExecutor(1)
    futures = [pool.submit(hold, tmp_path / "started", tmp_path / "never")]
    wait_for(tmp_path / "started")
    futures += [pool.submit(abs, number) for number in range(5)]
    kill_workers(pool)
    # Each by itself: as_completed never yields what shutdown canceled.
    outcomes = [outcome(future) for future in futures]
    assert isinstance(outcomes[0], BrokenProcessPool)
    assert all(isinstance(error, (BrokenProcessPool, CancelledError)) for error in outcomes)
    assert isinstance(outcomes[-1], CancelledError)


@pytest.mark.parametrize(("give_up", "told"), [(give_up_with_shutdown, False), (give_up_one_by_one, True)])
@pytest.mark.parametrize(("pool", "handed_over"), [(ThreadPoolExecutor, 1), (ProcessPoolExecutor, 3)])
def test_nobody_is_told_what_shutdown_cancelled(pool, handed_over, give_up, told, tmp_path):
    executor = pool(1)
    futures = [executor.submit(hold, tmp_path / "started", tmp_path / "gate")]
    wait_for(tmp_path / "started")
    futures += [executor.submit(abs, number) for number in range(5)]
    while sum(future.running() for future in futures) < handed_over:
        time.sleep(0.01)
    give_up(executor, futures)
    (tmp_path / "gate").touch()
    outcomes = [outcome(future) for future in futures]
    # No second shutdown here: it could take the first one's request back, as the next test shows.
    for thread in executor_threads():
        thread.join(timeout=PATIENCE)
    canceled = {future for future, error in zip(futures, outcomes, strict=True) if isinstance(error, CancelledError)}
    assert canceled == set(futures[handed_over:])
    assert all(future.done() for future in futures)
    assert wait(futures, timeout=0.1).not_done == (set() if told else canceled)


def test_a_second_shutdown_takes_the_cancellation_back_before_the_manager_thread_reads_it(tmp_path):
    busy, released = threading.Event(), threading.Event()
    pool = ProcessPoolExecutor(1)
    futures = [pool.submit(hold, tmp_path / "started", tmp_path / "gate")]
    futures[0].add_done_callback(lambda future: busy.set() or released.wait(PATIENCE))
    futures += [pool.submit(abs, -number) for number in range(5)]
    (tmp_path / "gate").touch()
    assert busy.wait(PATIENCE)  # the manager thread runs the callback
    pool.shutdown(wait=False, cancel_futures=True)
    pool.shutdown(wait=False)  # what the end of a `with` block does, but for the waiting
    released.set()
    assert [future.result(timeout=PATIENCE) for future in futures[1:]] == list(range(5))


def test_a_spawning_pool_needs_the_main_guard(tmp_path):
    script = tmp_path / "unguarded.py"
    script.write_text(
        "import multiprocessing\n"
        "from concurrent.futures import ProcessPoolExecutor\n"
        "with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context('spawn')) as pool:\n"
        "    print(pool.submit(abs, -1).result())\n"
    )
    ended = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=120)
    assert ended.returncode != 0
    assert "BrokenProcessPool" in ended.stderr


@pytest.mark.skipif(sys.platform != "win32", reason="the limit is that of Windows")
def test_windows_refuses_more_than_61_workers():
    with pytest.raises(ValueError, match="61"):
        ProcessPoolExecutor(62)


# Input and output of map


def test_map_reads_all_of_its_input_and_map_buffered_does_not():
    read = []

    def numbers(count):
        for number in range(count):
            read.append(number)
            yield number

    with ThreadPoolExecutor(2) as pool:
        assert total(pool, abs, numbers(50)) == sum(range(50))
        read.clear()
        results = map_buffered(pool, abs, numbers(50), buffersize=5)
        assert read == []
        assert [next(results) for _ in range(3)] == [0, 1, 2]
        assert len(read) == 8
        assert list(results) == list(range(3, 50))


@pytest.mark.parametrize("buffersize", [1, 3, 100])
@pytest.mark.parametrize("count", [0, 1, 10])
def test_map_buffered_gives_what_map_gives(count, buffersize):
    with ThreadPoolExecutor(2) as pool:
        assert list(map_buffered(pool, str, range(count), buffersize)) == list(pool.map(str, range(count)))


def test_map_buffered_cancels_what_has_not_started_when_a_task_raises():
    gate, ran = threading.Event(), []

    def work(number: int) -> None:
        if number == 0:
            raise ValueError
        gate.wait()
        ran.append(number)

    with ThreadPoolExecutor(1) as pool:
        results = map_buffered(pool, work, range(10), buffersize=10)
        try:
            with pytest.raises(ValueError):
                next(results)
        finally:
            gate.set()
    assert len(ran) <= 1  # whichever the one worker took before it was canceled


def test_map_buffered_refuses_after_the_block():
    with ThreadPoolExecutor(1) as pool:
        results = map_buffered(pool, abs, range(8), buffersize=2)
        assert next(results) == 0
    with pytest.raises(RuntimeError, match="after shutdown"):
        list(results)


def test_map_ends_with_the_first_exception():
    with ThreadPoolExecutor(1) as pool:
        results = pool.map(reciprocal, [2, 0, 4])
        assert next(results) == 0.5
        with pytest.raises(ZeroDivisionError):
            next(results)
        assert list(results) == []


@pytest.mark.skipif(sys.version_info < (3, 14), reason="buffersize is new in Python 3.14")
def test_buffersize_counts_chunks_in_a_process_pool():
    read = []

    def numbers():
        for number in range(100):
            read.append(number)
            yield number

    with ProcessPoolExecutor(1) as pool:
        results = pool.map(abs, numbers(), chunksize=5, buffersize=2)
        assert len(read) == 10
        assert list(results) == list(range(100))


# The number of workers


@pytest.mark.parametrize(
    ("text", "cpus"),
    [("max 100000\n", None), ("50000 100000\n", 1), ("100000 100000\n", 1), ("150000 100000\n", 2)],
)
def test_the_quota_limits_and_is_rounded_up(tmp_path, monkeypatch, text, cpus):
    monkeypatch.setattr("os.sched_getaffinity", lambda process: set(range(8)), raising=False)
    quota = tmp_path / "cpu.max"
    quota.write_text(text)
    assert usable_cpus(quota) == (cpus or 8)
    assert usable_cpus(tmp_path / "missing") == 8


# Outcomes and exceptions


def test_outcomes_stand_in_order_and_tell_none_from_failure():
    with ThreadPoolExecutor(2) as pool:
        outcomes = collect(pool, {"a": None}.__getitem__, ["a", "b"])
    assert [(outcome.item, outcome.result) for outcome in outcomes] == [("a", None), ("b", None)]
    assert outcomes[0].error is None
    assert isinstance(outcomes[1].error, KeyError)


def test_no_hook_hears_of_an_exception_in_a_task(monkeypatch, caplog, tmp_path):
    heard = []
    monkeypatch.setattr("sys.excepthook", lambda *error: heard.append(error))
    monkeypatch.setattr("threading.excepthook", lambda *error: heard.append(error))
    assert trap_swallow_exceptions.save_all([tmp_path / "missing" / "report.txt"]) == "all saved"
    assert (heard, caplog.text) == ([], "")


def test_saving_all_saves_all(tmp_path):
    paths = [tmp_path / name for name in ("a", "b")]
    assert trap_swallow_exceptions.save_all_or_raise(paths) == "all saved"
    assert [path.read_text() for path in paths] == ["saved\n"] * 2


def test_cancelling_waits_when_nothing_fails():
    ran = []
    with trap_leave_with_block.canceling(ThreadPoolExecutor(1)) as pool:
        for number in range(10):
            pool.submit(ran.append, number)
    assert ran == list(range(10))
