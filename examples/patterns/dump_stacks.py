"""Look into a running program and its worker processes with py-spy."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path


def run_py_spy(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run py-spy of this interpreter's environment."""
    program = shutil.which("py-spy", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    if program is None:
        raise FileNotFoundError("py-spy is not installed")
    return subprocess.run([program, *arguments], capture_output=True, text=True, timeout=120)


def can_trace() -> bool:
    """Say whether this machine lets py-spy read the memory of this process, and py-spy knows this Python."""
    try:
        return run_py_spy("dump", "--pid", str(os.getpid())).returncode == 0
    except FileNotFoundError:
        return False


def dump_when(function: str, count: int, patience: float = 60.0) -> str:
    """Return the stacks of this process and all below it, once *function* stands in *count* of them."""
    deadline = time.monotonic() + patience
    while True:
        stacks = run_py_spy("dump", "--subprocesses", "--pid", str(os.getpid())).stdout
        if stacks.count(f"{function} (") >= count or time.monotonic() > deadline:
            return stacks
        time.sleep(0.2)
