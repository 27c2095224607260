"""Tasks with an effect outside of their result: each leaves a mark, so that a repetition can be counted."""

from __future__ import annotations

import time
from pathlib import Path


# region effect
def send_report(outbox: Path, seconds: float = 0) -> str:
    """Do a deed that shows outside, then work on for a while."""
    with outbox.open("ab", buffering=0) as file:
        file.write(b".")
    time.sleep(seconds)
    return "sent"


# endregion effect


def send_and_outgrow(outbox: Path, megabytes: int, seconds: float) -> int:
    """Do the same deed, then hold *megabytes* MB for a while."""
    send_report(outbox)
    block = bytearray(b"x") * (megabytes * 10**6)
    time.sleep(seconds)
    return len(block)
