"""What the ledger of contradictions says of the standard library, run."""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.pool import Pool, ThreadPool
from multiprocessing.reduction import ForkingPickler

import pytest


def test_a_thread_pool_has_four_threads_more_than_cpus():
    cpus = os.process_cpu_count() if sys.version_info >= (3, 13) else os.cpu_count()
    with ThreadPoolExecutor() as pool:
        assert pool._max_workers == min(32, cpus + 4)


def chunks(call, monkeypatch) -> list[int]:
    """Return the sizes of the chunks that a pool makes during *call*."""
    plain, sizes = Pool._get_tasks, []

    def get_tasks(function, items, size):
        for task in plain(function, items, size):
            sizes.append(len(task[1]))
            yield task

    monkeypatch.setattr(Pool, "_get_tasks", staticmethod(get_tasks))
    with ThreadPool(2) as pool:  # the same class as a pool of processes, but for its workers
        assert list(call(pool)) == list(range(800))
    return sizes


def test_map_makes_four_chunks_a_worker(monkeypatch):
    assert chunks(lambda pool: pool.map(abs, range(800)), monkeypatch) == [100] * 8


def test_imap_sends_one_item_at_a_time_unless_told(monkeypatch):
    assert chunks(lambda pool: pool.imap(abs, range(800)), monkeypatch) == []
    assert chunks(lambda pool: pool.imap(abs, range(800), 100), monkeypatch) == [100] * 8


class Block:
    """Data that pickle protocol 5 can carry out of band."""

    def __init__(self, data):
        self.data = data

    def __reduce_ex__(self, protocol):
        return Block, (pickle.PickleBuffer(self.data) if protocol >= 5 else bytes(self.data),)


def test_multiprocessing_pickles_buffers_in_band():
    block, size = Block(bytearray(1_000_000)), 1_000_000
    buffers: list[pickle.PickleBuffer] = []
    assert len(pickle.dumps(block, protocol=5, buffer_callback=buffers.append)) < 1_000
    assert [buffer.raw().nbytes for buffer in buffers] == [size]
    # What a connection of multiprocessing sends: no callback, so no buffer travels apart.
    assert len(ForkingPickler.dumps(block)) > size
    assert len(ForkingPickler.dumps(block, protocol=5)) > size


@contextlib.contextmanager
def stepping():
    """Run a thread that counts, and give the list that holds its count; it gives the GIL away at each step.

    In the block nobody is asked for the GIL: who has it keeps it until he gives it away, however busy the machine is.
    """
    steps, ended = [0], threading.Event()

    def step() -> None:
        while not ended.is_set():
            steps[0] += 1
            time.sleep(0)

    thread = threading.Thread(target=step)
    before = sys.getswitchinterval()
    sys.setswitchinterval(1_000)
    thread.start()
    try:
        yield steps
    finally:
        ended.set()
        thread.join()
        sys.setswitchinterval(before)


def steps_during(call, steps) -> int:
    """Return the steps of another thread during one call into C."""
    before = steps[0]
    call()
    return steps[0] - before


@pytest.mark.skipif(not getattr(sys, "_is_gil_enabled", lambda: True)(), reason="this Python runs without the GIL")
def test_some_c_code_releases_the_gil_and_some_does_not():
    number = 3**100_000
    with stepping() as steps:
        # The other thread may be given no core during one call; the timeout of the test bounds how often we ask.
        while not steps_during(lambda: hashlib.pbkdf2_hmac("sha256", b"", b"", 50_000), steps):
            pass
        assert [steps_during(lambda: number * (number + 1), steps) for _ in range(20)] == [0] * 20
