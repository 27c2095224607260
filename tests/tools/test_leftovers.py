"""What outlives a run: a semaphore that nobody removes is found, and what a process still uses is not."""

from __future__ import annotations

import subprocess
import sys
from multiprocessing import shared_memory
from pathlib import Path

import pytest

from tools import leftovers
from tools.leftovers import Machine

needs_shm = pytest.mark.skipif(not leftovers.SHARED.is_dir(), reason="the system has no /dev/shm")
#: A program whose process and tracker are killed at once: nobody is left to remove its semaphore.
KILLED = """
import multiprocessing, os, signal
from multiprocessing import resource_tracker
lock = multiprocessing.get_context("spawn").Lock()
print("/dev/shm/sem." + lock._semlock.name.lstrip("/"), flush=True)
os.kill(resource_tracker._resource_tracker._pid, signal.SIGKILL)
os.kill(os.getpid(), signal.SIGKILL)
"""


@needs_shm
def test_a_semaphore_whose_owner_and_tracker_were_killed_is_found() -> None:
    machine = Machine()
    path = subprocess.run([sys.executable, "-c", KILLED], text=True, stdout=subprocess.PIPE).stdout.strip()
    try:
        assert path in machine.left(grace=0.1)
    finally:
        Path(path).unlink()
    assert path not in machine.left(grace=0.1)


@needs_shm
def test_shared_memory_in_use_is_nothing_left() -> None:
    machine = Machine()
    block = shared_memory.SharedMemory(create=True, size=10)
    try:
        assert f"/dev/shm/{block.name}" not in machine.left(grace=0.1)
    finally:
        block.close()
        block.unlink()


def test_files_in_the_temporary_folder_are_found_but_for_those_of_other_runs(tmp_path: Path) -> None:
    (tmp_path / "before").touch()
    machine = Machine(shared=tmp_path / "none", temporary=tmp_path)
    for name in ("ppm-other", "pytest-of-root", "spark-1"):
        (tmp_path / name).mkdir()
    with (tmp_path / "spark-1" / "open").open("w"):
        assert machine.left(grace=0.1) == []
    assert machine.left(grace=0.1) == [str(tmp_path / "spark-1")]


def test_a_file_that_goes_within_the_grace_is_nothing_left(tmp_path: Path) -> None:
    machine = Machine(shared=tmp_path / "none", temporary=tmp_path)
    going = tmp_path / "going"
    going.touch()
    with subprocess.Popen([sys.executable, "-c", f"import os, time; time.sleep(0.5); os.remove({str(going)!r})"]):
        assert machine.left(grace=30) == []


def test_what_the_helper_of_a_living_process_will_remove_is_nothing_left(tmp_path: Path) -> None:
    """joblib and loky name their files after their process; a system that runs beside this one may have some."""
    machine = Machine(shared=tmp_path)
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        names = [f"sem.loky-{process.pid}-x1", f"joblib_memmapping_folder_{process.pid}_0f_1e"]
        for name in names:
            (tmp_path / name).touch()
        assert machine.left(grace=0.1) == []
        process.communicate(b"\n")
    assert machine.left(grace=0.1) == sorted(str(tmp_path / name) for name in names)
