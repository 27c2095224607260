"""A task that hangs is killed, and the rest goes on; threads stop when they are asked."""

from __future__ import annotations

import multiprocessing
import signal
import threading
import time
from concurrent.futures import FIRST_COMPLETED, Future, wait

import psutil
import pytest

from examples.patterns.hang_sometimes import convert
from examples.patterns.kill_late_tasks import Outcome, map_or_kill
from examples.patterns.stop_threads import poll, run_for

METHODS = [name for name in ("spawn", "forkserver") if name in multiprocessing.get_all_start_methods()]


@pytest.mark.parametrize("method", METHODS)
def test_every_item_has_its_outcome_and_no_process_is_left(method: str) -> None:
    names = ["a", "hang", "crash", "raise", "b"]
    context = multiprocessing.get_context(method)
    outcomes = {o.item: o for o in map_or_kill(convert, names, workers=2, timeout=3, context=context)}
    assert outcomes.keys() == set(names)
    assert outcomes["a"] == Outcome("a", "done", "A") and outcomes["b"] == Outcome("b", "done", "B")
    assert outcomes["hang"] == Outcome("hang", "late")
    assert outcomes["crash"] == Outcome("crash", "died", 3)
    assert outcomes["raise"].status == "failed" and "ValueError: no such sheet" in outcomes["raise"].value
    assert not multiprocessing.active_children()


def test_a_worker_killed_from_outside_shows_the_signal() -> None:
    (outcome,) = map_or_kill(signal.raise_signal, [signal.SIGKILL], workers=1, timeout=60)
    assert (outcome.status, outcome.value) == ("died", -signal.SIGKILL)


def test_a_result_that_cannot_be_pickled_is_a_failure() -> None:
    (outcome,) = map_or_kill(threading.Semaphore, [1], workers=1, timeout=60)
    assert outcome.status == "failed" and "TypeError: cannot pickle" in outcome.value


def test_a_large_result_arrives() -> None:
    (outcome,) = map_or_kill(bytes, [20_000_000], workers=1, timeout=60)
    assert len(outcome.value) == 20_000_000


def test_no_more_processes_than_workers() -> None:
    seen = []
    for _ in map_or_kill(abs, range(6), workers=2, timeout=60):
        seen.append(len(multiprocessing.active_children()))
    assert len(seen) == 6 and max(seen) <= 2


class Clock:
    """Stands in for the module ``time``, and can be set ahead."""

    ahead = 0.0

    def monotonic(self) -> float:
        return time.monotonic() + self.ahead


def test_an_answer_that_waits_is_no_late_task(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr("examples.patterns.kill_late_tasks.time", clock)
    stream = map_or_kill(abs, [1, 2], workers=2, timeout=60)
    first = next(stream)
    deadline = time.monotonic() + 60
    while any(not _has_ended(process) for process in multiprocessing.active_children()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    clock.ahead = 1_000.0  # the caller took its time
    assert [first.status, next(stream).status] == ["done", "done"]
    stream.close()


def _has_ended(process) -> bool:
    try:
        return psutil.Process(process.pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_a_caller_that_stops_kills_what_runs() -> None:
    stream = map_or_kill(convert, ["a", "hang"], workers=2, timeout=600)
    assert next(stream).item == "a"
    processes = [psutil.Process(process.pid) for process in multiprocessing.active_children()]
    assert len(processes) == 1
    stream.close()
    assert not any(process.is_running() for process in processes)


def test_items_that_raise_kill_what_runs() -> None:
    def items():
        yield "hang"
        raise OSError("the list of files ended early")

    with pytest.raises(OSError, match="ended early"):
        next(map_or_kill(convert, items(), workers=2, timeout=600))
    assert not multiprocessing.active_children()


@pytest.mark.parametrize("workers", [0, -1])
def test_less_than_one_worker_is_refused(workers: int) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        next(map_or_kill(abs, [1], workers=workers, timeout=60))


def test_threads_stop_between_two_steps_and_waiting_tasks_never_begin(monkeypatch: pytest.MonkeyPatch) -> None:
    begun = threading.Semaphore(0)

    def task(stop: threading.Event) -> int:
        begun.release()
        return poll(stop)

    def wait_for_two(futures: list[Future], seconds: float) -> None:
        assert begun.acquire(timeout=60) and begun.acquire(timeout=60)

    monkeypatch.setattr("examples.patterns.stop_threads.wait", wait_for_two)
    counts = run_for(600, [task] * 5, workers=2)
    assert [count is None for count in counts] == [False, False, True, True, True]


def test_tasks_that_are_done_in_time_are_not_waited_for() -> None:
    begun = time.monotonic()
    assert run_for(600, [lambda stop: 1, lambda stop: 2], workers=2) == [1, 2]
    assert time.monotonic() - begun < 60


def test_the_time_ends() -> None:
    """However slow the machine: what had begun says how often it polled, the rest says None."""
    counts = run_for(0.05, [poll] * 3, workers=2)
    assert counts[2] is None


def test_the_exception_of_a_task_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    def wait_for_one(futures: list[Future], seconds: float) -> None:
        wait(futures, seconds, FIRST_COMPLETED)

    def fail(stop: threading.Event) -> None:
        raise ValueError("bad item")

    monkeypatch.setattr("examples.patterns.stop_threads.wait", wait_for_one)
    with pytest.raises(ValueError, match="bad item"):
        run_for(60, [fail, poll], workers=2)


def test_an_interrupt_between_two_submissions_stops_the_threads() -> None:
    def tasks():
        yield poll
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_for(600, tasks(), workers=2)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("ThreadPoolExecutor")]


def test_an_interrupt_stops_the_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(futures: object, seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("examples.patterns.stop_threads.wait", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run_for(600, [poll] * 3, workers=2)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("ThreadPoolExecutor")]
