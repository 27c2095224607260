"""A worker process that dies just before or just after its effect: its caller cannot tell which.

Run as ``python -m examples.foundations.die_near_effect LEDGER [before|after]``.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


# region pay
def pay(ledger: Path, death: str) -> None:
    """Write one payment into *ledger*, and die ``"before"`` it, ``"after"`` it, or not at all."""
    if death == "before":
        os._exit(1)
    with ledger.open("a") as file:
        file.write("paid\n")
    if death == "after":
        os._exit(1)


def run_worker(ledger: Path, death: str) -> int:
    """Let a process of its own pay, and return all that its caller learns: the exit code."""
    command = [sys.executable, "-m", "examples.foundations.die_near_effect", str(ledger), death]
    return subprocess.run(command, check=False).returncode


# endregion pay

if __name__ == "__main__":
    pay(Path(sys.argv[1]), sys.argv[2])
