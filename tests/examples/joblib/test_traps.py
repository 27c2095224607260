"""What the joblib chapter says and does not run on its page, because it starts processes inside processes."""

from __future__ import annotations

import subprocess
import sys
import time
import warnings

import numpy
import pytest
from joblib import Parallel, delayed

from examples.joblib.fail_tasks import fail_meanwhile, write_slowly
from examples.joblib.trap_hard_coded_backend import library_function, polite_function
from examples.joblib.trap_write_to_input import center_in_place

UNGUARDED = """
import multiprocessing
from concurrent.futures import ProcessPoolExecutor

def square(number):
    return number * number

with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
    print(list(pool.map(square, range(4))))
"""


def add_one(array: numpy.ndarray) -> float:
    array += 1
    return float(array[0])


def test_a_named_backend_starts_processes_inside_a_worker():
    assert all(count > 0 for count in Parallel(n_jobs=2)(delayed(library_function)() for _ in range(2)))


def test_an_open_backend_stays_in_the_worker():
    assert Parallel(n_jobs=2)(delayed(polite_function)() for _ in range(2)) == [0, 0]


def test_a_spawning_pool_of_the_standard_library_needs_the_main_guard(tmp_path):
    script = tmp_path / "unguarded.py"
    script.write_text(UNGUARDED)
    ended = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=60)
    assert ended.returncode != 0
    assert "BrokenProcessPool" in ended.stderr


def test_threads_run_on_after_another_task_raised(tmp_path):
    report = tmp_path / "report.txt"
    with pytest.raises(ValueError, match="bad reading"):
        Parallel(n_jobs=2, prefer="threads")(delayed(task)(report) for task in (write_slowly, fail_meanwhile))
    for _ in range(50):
        if report.exists():
            break
        time.sleep(0.1)
    assert report.read_text() == "done\n"


def test_one_job_has_no_timeout():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert Parallel(n_jobs=1, timeout=0.01)(delayed(sum)(part) for part in ([1], [2])) == [1, 2]
    assert any("does not support timeout" in str(warning.message) for warning in caught)


def test_a_private_map_leaves_the_array_of_the_caller_alone():
    array = numpy.ones(1_000_000)
    assert Parallel(n_jobs=2, mmap_mode="c")(delayed(center_in_place)(array) for _ in range(2)) == [0.0, 0.0]
    assert array[0] == 1.0


def test_a_writable_map_is_shared_by_tasks_and_not_with_the_caller():
    array = numpy.ones(1_000_000)
    # Enough tasks that each worker runs several; all map the same file.
    firsts = Parallel(n_jobs=2, mmap_mode="r+")(delayed(add_one)(array) for _ in range(8))
    assert max(firsts) > 2.0
    assert array[0] == 1.0


def test_multiprocessing_gives_no_generator():
    with pytest.raises(ValueError, match="does not support return_as"):
        Parallel(n_jobs=2, backend="multiprocessing", return_as="generator")


def test_an_executor_of_the_private_copy_of_loky_breaks_the_next_loop():
    from joblib.externals.loky import get_reusable_executor

    assert Parallel(n_jobs=2)(delayed(abs)(number) for number in (-1, -2)) == [1, 2]
    get_reusable_executor(reuse=True).shutdown(wait=True)
    executor = get_reusable_executor(max_workers=2)
    assert executor.submit(abs, -1).result() == 1
    with pytest.raises(AttributeError, match="_temp_folder_manager"):
        Parallel(n_jobs=2)(delayed(abs)(number) for number in (-1, -2))
    executor.shutdown(wait=True)
    assert Parallel(n_jobs=2)(delayed(abs)(number) for number in (-1, -2)) == [1, 2]
