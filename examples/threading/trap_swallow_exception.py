"""Trap: an exception ends its thread and nothing else; the program goes on with what is there and reports success.

``python -m examples.threading.trap_swallow_exception``, and with ``--strict`` the repair.
"""

from __future__ import annotations

import sys
import threading
from typing import Any


# region mistake
def load(totals: dict[str, float], name: str, text: str) -> None:
    """Put the number in *text* under *name*."""
    totals[name] = float(text)


def make_report() -> None:
    """Load two numbers in threads and print what came of it."""
    totals: dict[str, float] = {}
    texts = {"north": "12.5", "south": "n/a"}
    threads = []
    for name, text in texts.items():
        threads.append(threading.Thread(target=load, args=(totals, name, text), name=name))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()  # returns None, whatever happened in the thread
    print("totals:", totals)


# endregion mistake


# region fix
failed: list[str] = []


def note_failure(what: Any) -> None:
    """Keep the text of the error: the exception itself would keep all that it refers to."""
    failed.append(f"{what.thread.name}: {what.exc_type.__name__}: {what.exc_value}")


def make_report_or_fail() -> None:
    """Make the report, and end with status 1 when a thread did not get through."""
    threading.excepthook = note_failure
    make_report()
    if failed:
        sys.exit(f"report is incomplete: {failed}")


# endregion fix

if __name__ == "__main__":
    make_report_or_fail() if "--strict" in sys.argv else make_report()
