"""Report what a child finds of its parent under each start method.

Run as ``python -m examples.foundations.report_inheritance`` where all three exist: Linux and macOS.
"""

from __future__ import annotations

import multiprocessing
import os
import tempfile
from multiprocessing.connection import Connection

# region look
setting = "as imported"


def look(answer: Connection, number: int, inode: int) -> None:
    """Send what this process finds: name of the main module, a global, a variable, an open file."""
    try:
        found = os.fstat(number).st_ino == inode  # the number may stand for another file here
    except OSError:
        found = False
    answer.send((__name__, setting, os.environ.get("PRIMER_SETTING", "missing"), "open" if found else "closed"))


# endregion look


# region report
def report() -> None:
    """Start a child by each method after the parent has changed, and print a row for each."""
    global setting
    methods = {name: multiprocessing.get_context(name) for name in ("fork", "spawn", "forkserver")}
    early = methods["forkserver"].Process(target=int)  # the server starts with its first child
    early.start()
    early.join()

    setting = os.environ["PRIMER_SETTING"] = "changed"
    print(f"{'method':12}{'main module':14}{'global':14}{'variable':12}file")
    with tempfile.TemporaryFile() as file:
        number = file.fileno()
        for name, method in methods.items():
            answers, answer = method.Pipe(duplex=False)
            child = method.Process(target=look, args=(answer, number, os.fstat(number).st_ino))
            child.start()
            main, found, variable, state = answers.recv()
            child.join()
            print(f"{name:12}{main:14}{found:14}{variable:12}{state}")


# endregion report

if __name__ == "__main__":
    report()
