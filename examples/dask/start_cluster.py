"""A real cluster on one machine: scheduler and workers as processes of their own, on free ports of loopback."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

#: Seconds that a process has to start, or to end after it was told to.
PATIENCE = 60


# region start
@contextlib.contextmanager
def start_cluster(
    folder: Path, workers: int = 2, *options: str, **environment: str
) -> Iterator[tuple[str, list[subprocess.Popen]]]:
    """Yield the scheduler's address and the processes, the scheduler first."""
    file = folder / "scheduler.json"
    file.unlink(missing_ok=True)
    processes = [run("scheduler", "--port", "0", "--scheduler-file", str(file), **environment)]
    try:
        address = read_address(file, processes[0])
        for _ in range(workers):
            processes.append(run("worker", address, "--nthreads", "1", *options, **environment))
        yield address, processes
    finally:
        stop(processes[1:])  # workers sign off while their scheduler still answers
        stop(processes[:1])


# endregion start


def run(*arguments: str, **environment: str) -> subprocess.Popen:
    """Start a command of ``dask`` that listens on the loopback interface alone."""
    return subprocess.Popen(
        [sys.executable, "-m", "dask", *arguments, "--host", "127.0.0.1", "--dashboard-address", "127.0.0.1:0"],
        env=os.environ | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def stop(processes: list[subprocess.Popen]) -> None:
    """Ask all to end, and wait until they have."""
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def read_address(file: Path, scheduler: subprocess.Popen) -> str:
    """Wait for the file that the scheduler writes once it listens, and return the address in it."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and scheduler.poll() is None:
        with contextlib.suppress(FileNotFoundError, json.JSONDecodeError):
            return json.loads(file.read_text("utf8"))["address"]
        time.sleep(0.02)
    raise TimeoutError("the scheduler did not start")
