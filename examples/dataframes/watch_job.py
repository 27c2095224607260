"""Run the job in a child process with one library, and watch the memory of the child and of all that it starts."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parents[2]

#: Seconds between two readings of memory, at least, and seconds that what a child started has to end after it.
PERIOD, PATIENCE = 0.05, 20
#: Seconds of waiting for each second of reading: the watcher shall not take the processor from those that it watches.
CALM = 20


@dataclass
class Run:
    """What a run gave: its answers, or how it ended."""

    code: int
    start: float = 0.0
    jobs: list[dict[str, Any]] = field(default_factory=list)
    #: Largest memory of all processes together, in bytes.
    peak: int = 0
    #: What it wrote to standard error.
    errors: str = ""

    @property
    def rows(self) -> list[tuple[Any, ...]]:
        """The answer of the first folder."""
        return [tuple(row) for row in self.jobs[0]["rows"]]


def watch(engine: str, *folders: Path, memory: int | None = None, workers: int = 2, limit: float = 600) -> Run:
    """Run the job on *folders* with *engine*, under *memory* megabytes where given, for *limit* seconds at most."""
    with tempfile.TemporaryDirectory(prefix="frames-", ignore_cleanup_errors=True) as home:
        options = ["--workers", str(workers), *(["--memory", str(memory)] if memory else [])]
        command = [sys.executable, "-m", "examples.dataframes.run_job", engine, home, *map(str, folders), *options]
        with open(f"{home}/out", "w+b") as out, open(f"{home}/err", "w+b") as err:
            child = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=err, env=dict(os.environ))
            peak, family, ended = _wait(child, limit)
            out.seek(0)
            err.seek(0)
            text, errors = out.read().decode(), err.read().decode(errors="replace")
        _end(family)
    code = child.returncode if ended else -1
    if code or not text.strip():
        return Run(code or 1, peak=peak, errors=errors if ended else f"no answer within {limit:.0f} s\n{errors}")
    result = json.loads(text.splitlines()[-1])
    return Run(0, result["start"], result["jobs"], peak, errors)


def _wait(child: subprocess.Popen, limit: float) -> tuple[int, set[psutil.Process], bool]:
    """Return the largest memory, every process that was seen, and whether *child* ended of its own accord."""
    peak, family, pause = 0, {psutil.Process(child.pid)}, PERIOD
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(pause)
            return peak, family, True
        began = time.thread_time()
        with contextlib.suppress(psutil.Error):
            family |= set(psutil.Process(child.pid).children(recursive=True))
        peak = max(peak, sum(map(_memory, family)))
        pause = max(PERIOD, CALM * (time.thread_time() - began))
    return peak, family, False


def _memory(process: psutil.Process) -> int:
    """Return the proportional set size of *process*, in which what several share counts once."""
    try:
        info = process.memory_full_info()
    except (psutil.Error, OSError):
        return 0
    return getattr(info, "pss", info.rss)


def _end(family: set[psutil.Process]) -> None:
    """Wait for what is left of *family*, then end it."""
    _, left = psutil.wait_procs(family, PATIENCE if len(family) > 1 else 0)
    for process in left:
        with contextlib.suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(left, PATIENCE)
