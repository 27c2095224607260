"""Start a script that uses worker processes, send it a signal, and count the processes that outlive it."""

from __future__ import annotations

import contextlib
import functools
import os
import signal
import subprocess
import sys
import time

import psutil


def count_survivors(
    number: int, module: str, *arguments: str, group: bool = False, patience: float = 30.0
) -> tuple[int, int, list[str]]:
    """Return the exit code of ``python -m module``, how many processes it left, and the lines that it printed.

    The signal *number* goes to the script once it has printed two lines, or to its whole process *group*, as Ctrl-C in
    a terminal does.  Processes have *patience* seconds to follow the script; those that do not are killed.
    """
    script = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
        # A test run in the background of a shell ignores Ctrl-C, and would hand that on.
        preexec_fn=functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    )
    assert script.stdout is not None
    lines = [script.stdout.readline(), script.stdout.readline()]
    (os.killpg if group else os.kill)(script.pid, number)
    code = script.wait(timeout=120)
    deadline = time.monotonic() + patience
    while (left := _session(script.pid)) and time.monotonic() < deadline:
        time.sleep(0.05)
    for process in left:
        with contextlib.suppress(psutil.NoSuchProcess):
            # The tracker ends by itself when those that it tracks are gone, and removes their semaphores first.
            if "resource_tracker" not in " ".join(process.cmdline()):
                process.kill()
    with script.stdout:
        lines += script.stdout.readlines()  # ends when the last process that could write is gone
    while _session(script.pid):
        time.sleep(0.05)
    return code, len(left), [line.rstrip() for line in lines]


def _session(leader: int) -> list[psutil.Process]:
    """The living processes of a session: whoever started them, and whoever adopted them since."""
    members = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.NoSuchProcess, ProcessLookupError, PermissionError):
            if os.getsid(process.pid) == leader and process.status() != psutil.STATUS_ZOMBIE:
                members.append(process)
    return members
