"""Shared arrays are shared, and no segment is left, whatever happens."""

from __future__ import annotations

import gc
import os
import pickle
import signal
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_all_start_methods, get_context
from pathlib import Path

import numpy as np
import pytest

from examples.patterns.share_array import attach, open_readings, scale_rows, shared_array

SEGMENTS = Path("/dev/shm")
pytestmark = pytest.mark.skipif(not SEGMENTS.is_dir(), reason="segments are files in /dev/shm on Linux only")


def exists(name: str) -> bool:
    return (SEGMENTS / name.lstrip("/")).exists()


def run_python(tmp_path: Path, code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    script = tmp_path / "script.py"
    script.write_text(code)
    return subprocess.run([sys.executable, script, *arguments], capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize("method", get_all_start_methods())
def test_workers_change_the_array_of_the_caller(tmp_path: Path, method: str) -> None:
    ended = run_python(
        tmp_path,
        """
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from examples.patterns.share_array import open_readings, scale_rows, shared_array

if __name__ == "__main__":
    with shared_array((4, 1000)) as (readings, handle):
        readings[:] = 1
        with ProcessPoolExecutor(2, get_context(sys.argv[1]), open_readings, (handle,)) as pool:
            sums = list(pool.map(scale_rows, range(4), range(1, 5)))
        print(sums, float(readings.sum()), Path("/dev/shm", handle.name).exists())
    print(Path("/dev/shm", handle.name).exists())
""",
        method,
    )
    assert ended.stdout == "[2000.0, 2000.0, 2000.0, 2000.0] 8000.0 True\nFalse\n"
    assert ended.stderr == ""  # no word of the resource tracker, of __del__, or of fork


def test_an_exception_in_the_block_leaves_no_segment() -> None:
    with pytest.raises(OSError, match="disk full"), shared_array((10,)) as (_, handle):
        assert exists(handle.name)
        raise OSError("disk full")
    assert not exists(handle.name)


def test_a_dead_worker_leaves_no_segment() -> None:
    with shared_array((10,)) as (readings, handle):
        with ProcessPoolExecutor(2, get_context("spawn"), open_readings, (handle,)) as pool:
            assert pool.submit(scale_rows, 0, 10).result() == 0.0
            with pytest.raises(BrokenProcessPool):
                pool.submit(os._exit, 1).result()
        assert exists(handle.name) and readings.shape == (10,)
    assert not exists(handle.name)


def test_a_killed_program_leaves_no_segment(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import time\n"
        "from examples.patterns.share_array import shared_array\n"
        "with shared_array((10,)) as (_, handle):\n"
        "    print(handle.name, flush=True)\n"
        "    time.sleep(3600)\n"
    )
    program = subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    with program, program.stdout:
        name = program.stdout.readline().strip()
        assert exists(name)
        program.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 60
    while exists(name) and time.monotonic() < deadline:  # the resource tracker needs a moment
        time.sleep(0.05)
    assert not exists(name)


def test_the_array_outlives_the_block_and_the_name_does_not() -> None:
    with shared_array((3,), np.int64) as (array, handle):
        array[:] = [1, 2, 3]
        other = attach(handle)
    assert array.tolist() == other.tolist() == [1, 2, 3]
    with pytest.raises(FileNotFoundError):
        attach(handle)


def test_a_view_keeps_the_memory_mapped() -> None:
    with shared_array((1_000,), np.int64) as (array, handle):
        array[:] = 7
        view = attach(handle)[500:].reshape(20, 25).T
        gc.collect()
        assert view.sum() == 3_500


def test_the_mapping_ends_with_the_last_array() -> None:
    with shared_array((1_000_000,)) as (array, handle):
        view = attach(handle)[1:]
        assert count_mappings(handle.name) == 2
        del view
        gc.collect()
        assert count_mappings(handle.name) == 1
    del array
    gc.collect()
    assert count_mappings(handle.name) == 0


def count_mappings(name: str) -> int:
    return sum(name.lstrip("/") in line for line in Path("/proc/self/maps").read_text().splitlines())


@pytest.mark.parametrize("shape", [(0,), (), (2, 0, 3), (2, 3)])
@pytest.mark.parametrize("dtype", [np.uint8, "float32", [("member", "i4"), ("wall", "f8")]])
def test_shapes_and_types(shape: tuple[int, ...], dtype: object) -> None:
    with shared_array(shape, dtype) as (array, handle):
        other = attach(pickle.loads(pickle.dumps(handle)))
        assert other.shape == array.shape == shape
        assert other.dtype == array.dtype == np.dtype(dtype)


def test_objects_are_refused() -> None:
    with pytest.raises(TypeError, match="own process"), shared_array((3,), object):
        pass


def test_the_handle_is_small() -> None:
    with shared_array((1_000, 1_000)) as (array, handle):
        assert array.nbytes == 8_000_000
        assert len(pickle.dumps(handle)) < 1_000


ATTACH = """
import sys
from multiprocessing.shared_memory import SharedMemory
SharedMemory(sys.argv[1], **({"track": False} if sys.version_info >= (3, 13) else {})).close()
"""


def test_a_program_of_its_own_destroys_the_segment_before_3_13(tmp_path: Path) -> None:
    """What the page says: before 3.13 the tracker of another program unlinks what that program attached."""
    memory = None
    with shared_array((10,)) as (array, handle):
        memory = attach(handle)
        assert run_python(tmp_path, ATTACH, handle.name).returncode == 0
        if sys.version_info >= (3, 13):
            time.sleep(1.0)
            assert exists(handle.name)
        else:
            deadline = time.monotonic() + 60
            while exists(handle.name) and time.monotonic() < deadline:
                time.sleep(0.05)
            assert not exists(handle.name)
            (SEGMENTS / handle.name).touch()  # so that the block has something to unlink
    assert memory.shape == array.shape
