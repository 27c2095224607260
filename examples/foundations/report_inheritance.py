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
    """Send the name of the main module, a global, a variable, and whether the file is open."""
    try:
        file = "open" if os.fstat(number).st_ino == inode else "closed"
    except OSError:
        file = "closed"
    variable = os.environ.get("PRIMER_SETTING", "missing")
    answer.send((__name__, setting, variable, file))


# endregion look


# region report
def report() -> None:
    """Change the parent, start a child by each method, and print a row for each."""
    global setting
    names = ("fork", "spawn", "forkserver")
    methods = {name: multiprocessing.get_context(name) for name in names}
    early = methods["forkserver"].Process(target=int)
    early.start()  # and with this first child the server
    early.join()

    setting = os.environ["PRIMER_SETTING"] = "changed"
    print(f"{'method':12}{'main module':14}{'global':14}{'variable':12}file")
    with tempfile.TemporaryFile() as file:
        number, inode = file.fileno(), os.fstat(file.fileno()).st_ino
        for name, method in methods.items():
            answers, answer = method.Pipe(duplex=False)
            child = method.Process(target=look, args=(answer, number, inode))
            child.start()
            main, found, variable, state = answers.recv()
            child.join()
            print(f"{name:12}{main:14}{found:14}{variable:12}{state}")


# endregion report

if __name__ == "__main__":
    report()
