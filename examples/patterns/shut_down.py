"""A process pool that ends with its program: by an exception, by Ctrl-C, by SIGTERM, and when the program is killed."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from types import FrameType


# region worker
def start_worker() -> None:
    """Prepare a worker: run as the initializer of the pool."""
    # Ctrl-C reaches every process of the terminal's group; the decision is the parent's alone.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Under fork, a worker inherits the parent's handler and would answer SIGTERM with an exception in its task.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_leave_with_parent, daemon=True).start()


def _leave_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()  # returns when the parent is gone, however it went
    os._exit(1)


# endregion worker


# region pool
@contextmanager
def stoppable_pool(
    workers: int, *, grace: float = 5.0, context: BaseContext | None = None
) -> Iterator[ProcessPoolExecutor]:
    """Yield a pool that leaves no process behind, whatever ends the block.

    When an exception ends the block, tasks that have not begun are canceled; those that run have *grace* seconds, then
    their processes are killed, and so are other processes of multiprocessing that were started during the block.
    SIGTERM raises ``SystemExit`` in the block.  Call it in the main thread.
    """
    others = set(multiprocessing.active_children())
    executor = ProcessPoolExecutor(workers, mp_context=context, initializer=start_worker)
    previous = signal.signal(signal.SIGTERM, _raise_exit)
    try:
        yield executor
        executor.shutdown()
    except BaseException:
        _stop(executor, others, grace)
        raise
    finally:
        signal.signal(signal.SIGTERM, previous)


def _raise_exit(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def _stop(executor: ProcessPoolExecutor, others: set[BaseProcess], grace: float) -> None:
    closing = threading.Thread(target=executor.shutdown, kwargs={"cancel_futures": True})
    closing.start()
    try:
        closing.join(grace)
    finally:  # also when a second Ctrl-C ends the grace
        for child in set(multiprocessing.active_children()) - others:
            child.kill()
        closing.join()


# endregion pool


# region script
def write(line: str) -> None:
    sys.stdout.write(f"{line}\n")  # in one piece, or two processes mix their lines
    sys.stdout.flush()


def work(number: int, seconds: float) -> int:
    write(f"begun {number}")
    time.sleep(seconds)
    return number


def main(count: int, seconds: float, grace: float, method: str) -> None:
    with stoppable_pool(2, grace=grace, context=multiprocessing.get_context(method)) as pool:
        for future in as_completed([pool.submit(work, number, seconds) for number in range(count)]):
            write(f"done {future.result()}")


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3]), sys.argv[4])
# endregion script
