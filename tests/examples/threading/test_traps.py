"""What the chapter on threading says and does not run on its page."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading

import pytest

from examples.threading import make_one_each, trap_deadlock
from examples.threading.trap_share_generator import Shared, ask_twice
from examples.threading.worker_threads import Workers


def run_module(name: str, *arguments: str, **settings: str) -> subprocess.CompletedProcess:
    """Run ``python -m examples.threading.NAME`` and return what it did."""
    command = [sys.executable, "-m", f"examples.threading.{name}", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, env=os.environ | settings)


def test_no_items_no_results():
    workers = Workers(2)
    try:
        assert workers.run(abs, []) == []
    finally:
        workers.stop()


def test_the_first_exception_in_the_order_of_the_items_is_raised():
    workers = Workers(2)
    try:
        with pytest.raises(ValueError, match="'one'"):
            workers.run(int, ["0", "one", "two", "3"])
        with pytest.raises(SystemExit):  # does not end the worker
            workers.run(sys.exit, [1])
        assert workers.run(int, ["1"]) == [1]
    finally:
        workers.stop()


def test_the_fix_of_the_swallowed_exception_fails_aloud():
    ended = run_module("trap_swallow_exception", "--strict")
    assert ended.returncode == 1
    assert "report is incomplete" in ended.stderr
    assert "south: ValueError" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_the_default_hook_ignores_exit_and_an_own_one_gets_it(monkeypatch, capsys):
    seen = []
    # pytest has put a hook of its own in place of the default.
    for hook in (threading.__excepthook__, lambda what: seen.append(what.exc_type)):
        monkeypatch.setattr(threading, "excepthook", hook)
        thread = threading.Thread(target=sys.exit, args=("enough",))
        thread.start()
        thread.join()
    assert seen == [SystemExit]
    assert capsys.readouterr() == ("", "")


def test_locks_in_one_order_do_not_deadlock():
    ended = run_module("trap_deadlock", "--ordered")
    assert (ended.returncode, ended.stdout) == (0, "(120, 80)\n")


def test_a_lock_cannot_be_taken_twice_by_its_holder():
    lock, reentrant = threading.Lock(), threading.RLock()
    with lock:
        assert not lock.acquire(blocking=False)
    with reentrant:
        assert reentrant.acquire(blocking=False)
        reentrant.release()


def test_tanks_keep_what_they_have():
    assert trap_deadlock.move_both_ways(trap_deadlock.move_in_order, between=lambda: None) == (120, 80)


def test_a_shared_generator_raises_in_one_of_two_threads():
    assert ask_twice() == ["generator already executing", 0]


def test_a_lock_lets_threads_share_a_generator():
    assert sorted(ask_twice(Shared)) == [0, 1]


def test_each_thread_makes_its_own():
    mine = make_one_each.OneEach(list)
    all_there = threading.Barrier(3)

    def use(_: object) -> int:
        all_there.wait(timeout=60)
        assert mine.get() is mine.get()
        all_there.wait(timeout=60)  # nobody's list is gone before all have been seen
        return id(mine.get())

    workers = Workers(3)
    try:
        assert len(set(workers.run(use, range(3)))) == 3
    finally:
        workers.stop()


def test_the_environment_limits_the_blas_of_the_whole_program():
    code = "from examples.threading.trap_limit_blas_in_thread import blas_threads; print(blas_threads())"
    ended = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
    )
    assert ended.stdout == "1\n"


@pytest.mark.skipif(sys.platform != "linux", reason="limits the address space as Linux does")
def test_smaller_stacks_leave_room_for_more_threads():
    counts = []
    for stack in ("8192", "256"):
        ended = run_module("exhaust_threads", "50", stack, MALLOC_ARENA_MAX="1")
        assert ended.returncode == 0, ended.stderr
        count, error = ended.stdout.strip().split("; ")
        counts.append(int(count))
        assert error == "can't start new thread"
    assert counts[1] > 5 * counts[0] > 0


def test_a_handler_runs_in_the_main_thread_whoever_receives_the_signal():
    ran_in = []
    before = signal.signal(signal.SIGUSR1, lambda *_: ran_in.append(threading.current_thread()))
    try:
        sender = threading.Thread(target=signal.raise_signal, args=(signal.SIGUSR1,))
        sender.start()
        sender.join()
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert ran_in == [threading.main_thread()]


def test_a_daemon_thread_starts_daemon_threads():
    found = []

    def start_child() -> None:
        child = threading.Thread(target=lambda: None)
        found.append(child.daemon)

    parent = threading.Thread(target=start_child, daemon=True)
    parent.start()
    parent.join()
    assert found == [True]
