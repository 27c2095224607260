"""Profiles of all workers add up, and py-spy sees what they do."""

from __future__ import annotations

import subprocess
import sys
from multiprocessing import get_all_start_methods, get_context
from pathlib import Path

import pytest

from examples.patterns.chunk_items import reciprocal
from examples.patterns.dump_stacks import can_trace, dump_when
from examples.patterns.hang_sometimes import convert
from examples.patterns.profile_workers import Profiled, merge_profiles


def count_calls(folder: Path, name: str) -> int:
    return sum(calls for (_, _, function), (_, calls, *_) in merge_profiles(folder).stats.items() if function == name)


SCRIPT = """
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from examples.patterns.profile_workers import Profiled
from examples.workload.answers import SUMMARIES
from examples.workload.inspection import inspect_batch

if __name__ == "__main__":
    own, folder = Path(sys.argv[2], "own"), Path(sys.argv[2], "workers")
    own.mkdir()
    folder.mkdir()
    Profiled(inspect_batch, own)(0)  # under fork, the workers must not go on with this profile
    with ProcessPoolExecutor(2, get_context(sys.argv[1])) as pool:
        assert list(pool.map(Profiled(inspect_batch, folder), range(8))) == SUMMARIES
"""


@pytest.mark.parametrize("method", get_all_start_methods())
def test_every_call_in_every_worker_is_counted(tmp_path: Path, method: str) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    # A program of its own: this one has threads, and should not fork.
    ended = subprocess.run([sys.executable, script, method, tmp_path], capture_output=True, text=True, timeout=120)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert 1 <= len(list((tmp_path / "workers").glob("*.prof"))) <= 2
    assert count_calls(tmp_path / "workers", "summarise") == 8
    assert count_calls(tmp_path / "own", "summarise") == 1


def test_a_task_that_raises_is_profiled_too(tmp_path: Path) -> None:
    profiled = Profiled(reciprocal, tmp_path)
    with pytest.raises(ZeroDivisionError):
        profiled(0)
    assert profiled(2) == 0.5
    assert count_calls(tmp_path, "reciprocal") == 2


def test_no_profiles(tmp_path: Path) -> None:
    assert merge_profiles(tmp_path).stats == {}


@pytest.mark.skipif(not can_trace(), reason="py-spy may not read other processes here, or does not know this Python")
def test_py_spy_sees_the_function_that_each_worker_runs() -> None:
    context = get_context("spawn")
    workers = [context.Process(target=convert, args=("hang",), daemon=True) for _ in range(2)]
    for worker in workers:
        worker.start()
    try:
        stacks = dump_when("convert", 2)
    finally:
        for worker in workers:
            worker.kill()
            worker.join()
    assert stacks.count("convert (") == 2
    assert all(f"Process {worker.pid}:" in stacks for worker in workers)
