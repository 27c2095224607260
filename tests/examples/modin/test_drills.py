"""Fault drills on both engines: what is killed, what the program sees, and how often a row was worked on.

Each engine runs its drills one after another in a process of its own: what Modin and its engines leave in a process
would be taken over by the next.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tools.drills import read_drill

# Ten deaths and their restarts: seconds on an idle machine, minutes on a busy one.
pytestmark = pytest.mark.timeout(900)

ROOT = Path(__file__).resolve().parents[3]


def run(engine: str, home: Path) -> dict[str, Any]:
    """Run the drills of one engine; return the JSON object in the last line that they print."""
    folder = home / f"drills-{engine}"
    folder.mkdir()
    command = [sys.executable, str(Path(__file__).with_name(f"drill_{engine}.py")), str(folder)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, timeout=800)
    assert done.returncode == 0, done.stderr
    print(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def on_dask(home):
    return run("dask", home)


@pytest.fixture(scope="module")
def on_ray(home):
    return run("ray", home)


def check(seen: dict[str, Any], drill: str, outcome: str) -> None:
    """Compare what a drill saw with the register, which counts effects, and with the word or exception expected."""
    assert seen["effects"] in read_drill(drill)["effects"]
    assert seen["outcome"] == outcome


def test_dask_worker_killed(on_dask):
    check(on_dask["worker-killed"], "modin-dask-worker-killed", "right")


def test_dask_result_lost(on_dask):
    check(on_dask["result-lost"], "modin-dask-result-lost", "FutureCancelledError")


def test_dask_what_was_only_read_is_read_again(on_dask):
    assert on_dask["read-again"]["outcome"] == "right"


def test_dask_poison(on_dask):
    check(on_dask["poison"], "modin-dask-poison", "FuturesCancelledError")


def test_dask_poison_at_once(on_dask):
    check(on_dask["poison-0"], "modin-dask-poison-at-once", "KilledWorker")


def test_dask_memory(on_dask):
    check(on_dask["memory"], "modin-dask-memory", "KilledWorker")


def test_dask_slices_fail_after_one_death(on_dask):
    assert on_dask["slice"]["outcome"] == "FutureCancelledError"


def test_dask_scheduler_killed(on_dask):
    check(on_dask["scheduler-killed"], "modin-dask-scheduler-killed", "TimeoutError")


def test_apply_twice(on_dask):
    check(on_dask["first-row"], "modin-apply-twice", "right")


def test_ray_worker_killed(on_ray):
    check(on_ray["worker-killed"], "modin-ray-worker-killed", "right")


def test_ray_result_kept(on_ray):
    check(on_ray["held"], "modin-ray-result-kept", "right")


def test_ray_poison(on_ray):
    check(on_ray["poison"], "modin-ray-poison", "RayTaskError(WorkerCrashedError)")


def test_a_second_ray_in_the_same_process_fails(on_ray):
    assert on_ray["second-ray"]["outcome"] == "ValueError"
    assert on_ray["second-ray-forgetful"]["outcome"] == "right"
