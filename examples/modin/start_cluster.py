"""A Dask cluster of separate processes on the loopback interface, as one would start it on several hosts."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path


@contextmanager
def process(*arguments: str, **settings) -> Iterator[subprocess.Popen]:
    """Run ``dask ARGUMENTS`` until the block ends."""
    command = [str(Path(sys.executable).with_name("dask")), *arguments, "--host", "127.0.0.1"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    child = subprocess.Popen(command, **quiet, **settings)
    try:
        yield child
    finally:
        child.terminate()
        try:
            child.wait(15)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


@contextmanager
def cluster(
    folder: Path, workers: int = 2, threads: int = 1, memory: str = "auto"
) -> Iterator[tuple[str, list[subprocess.Popen]]]:
    """Start a scheduler and *workers* workers; yield the scheduler's address, and the processes, scheduler first."""
    from distributed import Client

    file = folder / "scheduler.json"
    file.unlink(missing_ok=True)
    with ExitStack() as stack:
        start = lambda *arguments: stack.enter_context(process(*arguments, cwd=folder, env=dict(os.environ)))  # noqa: E731
        scheduler = start("scheduler", "--port", "0", "--no-dashboard", "--scheduler-file", str(file))
        while not (file.exists() and file.stat().st_size):
            assert scheduler.poll() is None, "the scheduler ended"
            time.sleep(0.05)
        size = ["--nthreads", str(threads), "--memory-limit", memory]
        options = [*size, "--no-dashboard", "--scheduler-file", str(file)]
        started = [start("worker", *options) for _ in range(workers)]
        with Client(scheduler_file=str(file), set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=240)
            address = client.scheduler.address
        yield address, [scheduler, *started]
