"""What the ledger of contradictions says of joblib, run."""

from __future__ import annotations

import builtins
import io
import os
from types import SimpleNamespace

import numpy
import pytest
from joblib import Parallel, delayed
from joblib.externals.loky.backend import context
from joblib.parallel import AutoBatchingMixin


def kind(array: numpy.ndarray) -> str:
    return type(array).__name__


@pytest.mark.parametrize("backend", ["loky", "multiprocessing"])
def test_an_array_is_shared_from_one_mebibyte_and_a_byte(backend):
    sizes = (1_000_000, 1_000_001, 2**20, 2**20 + 1)
    arrays = [numpy.zeros(size, numpy.uint8) for size in sizes]
    found = Parallel(n_jobs=2, backend=backend)(delayed(kind)(array) for array in arrays)
    assert found == ["ndarray", "ndarray", "ndarray", "memmap"]


@pytest.mark.parametrize(
    ("seconds", "size"),
    [(0.1, 16), (0.19, 16), (0.21, 8), (0.5, 8), (1.5, 8), (1.99, 8), (2.5, 1)],
)
def test_a_batch_is_resized_below_a_fifth_of_a_second_and_above_two_seconds(seconds, size):
    class Backend(AutoBatchingMixin):
        parallel = SimpleNamespace(verbose=0, _print=print)

    backend = Backend()
    backend._effective_batch_size = 8
    backend.batch_completed(8, seconds)
    assert backend.compute_batch_size() == size


def test_loky_reads_the_quota_of_a_container_and_the_standard_library_does_not(monkeypatch):
    quota = "/sys/fs/cgroup/cpu.max"
    exists, plain_open = os.path.exists, builtins.open
    monkeypatch.delenv("LOKY_MAX_CPU_COUNT", raising=False)
    monkeypatch.setattr(os.path, "exists", lambda path: path == quota or exists(path))
    # Half a CPU: 50 of every 100 milliseconds.
    monkeypatch.setattr(
        builtins,
        "open",
        lambda file, *rest, **more: io.StringIO("50000 100000\n") if file == quota else plain_open(file, *rest, **more),
    )
    usable = len(os.sched_getaffinity(0))
    assert context.cpu_count() == 1
    assert len(os.sched_getaffinity(0)) == usable
    assert getattr(os, "process_cpu_count", lambda: usable)() == usable
