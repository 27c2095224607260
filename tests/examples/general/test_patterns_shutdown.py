"""No process outlives the program, however it ends."""

from __future__ import annotations

import multiprocessing
import signal
import subprocess
import sys
import threading

import psutil
import pytest

from examples.patterns.count_survivors import count_survivors
from examples.patterns.hang_sometimes import convert
from examples.patterns.shut_down import stoppable_pool

pytestmark = pytest.mark.skipif(
    not hasattr(signal, "SIGKILL"), reason="Windows has no SIGKILL and no process groups of this kind"
)
SCRIPT = "examples.patterns.shut_down"
METHODS = multiprocessing.get_all_start_methods()
SPAWN = multiprocessing.get_context("spawn")


@pytest.mark.parametrize("method", METHODS)
def test_sigterm_stops_tasks_that_hang(method: str) -> None:
    code, left, lines = count_survivors(signal.SIGTERM, SCRIPT, "8", "3600", "0.2", method)
    assert (code, left) == (128 + signal.SIGTERM, 0)
    assert len(lines) == 2 and all(line.startswith("begun") for line in lines)


@pytest.mark.parametrize("method", METHODS)
def test_sigterm_lets_running_tasks_finish_within_the_grace(method: str) -> None:
    code, left, lines = count_survivors(signal.SIGTERM, SCRIPT, "1000", "0.5", "60", method)
    assert (code, left) == (128 + signal.SIGTERM, 0)
    # A pool hands a few tasks to its workers ahead of time; these run, the hundreds behind them do not.
    assert len([line for line in lines if line.startswith("begun")]) < 50


@pytest.mark.parametrize("method", METHODS)
def test_ctrl_c_stops_the_whole_group(method: str) -> None:
    code, left, _ = count_survivors(signal.SIGINT, SCRIPT, "8", "3600", "0.2", method, group=True)
    assert (code, left) == (-signal.SIGINT, 0)


@pytest.mark.parametrize("method", METHODS)
def test_sigterm_to_the_whole_group_as_a_service_manager_sends_it(method: str) -> None:
    code, left, _ = count_survivors(signal.SIGTERM, SCRIPT, "8", "3600", "0.2", method, group=True)
    assert left == 0
    assert code in (128 + signal.SIGTERM, 1)  # 1: the broken pool was seen before the signal


@pytest.mark.parametrize("method", METHODS)
def test_a_killed_program_takes_its_workers_along(method: str) -> None:
    code, left, _ = count_survivors(signal.SIGKILL, SCRIPT, "8", "3600", "60", method)
    assert (code, left) == (-signal.SIGKILL, 0)


def test_a_plain_pool_leaves_its_workers_behind() -> None:
    """What the page says of it: two workers, and the resource tracker that lives as long as they do."""
    code, left, _ = count_survivors(
        signal.SIGTERM, "examples.patterns.trap_plain_shutdown", "8", "3600", "spawn", patience=1.0
    )
    assert (code, left) == (-signal.SIGTERM, 3)


def test_a_block_that_ends_well_waits_for_all_tasks() -> None:
    with stoppable_pool(2, context=SPAWN) as pool:
        futures = [pool.submit(convert, name) for name in "abcd"]
    assert [future.result() for future in futures] == ["A", "B", "C", "D"]
    assert not multiprocessing.active_children()


def test_an_exception_in_the_block_kills_what_hangs_and_cancels_the_rest() -> None:
    with pytest.raises(OSError, match="disk full"), stoppable_pool(2, grace=0.2, context=SPAWN) as pool:
        futures = [pool.submit(convert, "hang") for _ in range(50)]
        workers = [psutil.Process(child.pid) for child in multiprocessing.active_children()]
        raise OSError("disk full")
    assert futures[-1].cancelled()
    assert all(future.done() for future in futures)
    assert not any(worker.is_running() for worker in workers)


def test_what_a_worker_starts_ignores_ctrl_c_too() -> None:
    code = "import signal; print(signal.getsignal(signal.SIGINT) is signal.SIG_IGN)"
    with stoppable_pool(1, context=SPAWN) as pool:
        assert pool.submit(subprocess.check_output, [sys.executable, "-c", code], text=True).result() == "True\n"


def test_the_handler_of_the_caller_comes_back() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with stoppable_pool(1, context=SPAWN) as pool:
        assert signal.getsignal(signal.SIGTERM) is not before
        assert pool.submit(convert, "a").result() == "A"
    assert signal.getsignal(signal.SIGTERM) is before


def test_other_children_of_the_program_are_left_alone() -> None:
    other = SPAWN.Process(target=convert, args=("hang",), daemon=True)
    other.start()
    try:
        with pytest.raises(OSError), stoppable_pool(1, grace=0.2, context=SPAWN) as pool:
            pool.submit(convert, "hang")
            raise OSError
        assert other.is_alive()
    finally:
        other.kill()
        other.join()


def test_it_refuses_to_run_outside_of_the_main_thread() -> None:
    caught: list[BaseException] = []

    def run() -> None:
        try:
            with stoppable_pool(1, context=SPAWN):
                pass
        except ValueError as error:
            caught.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert "main thread" in str(caught[0])
