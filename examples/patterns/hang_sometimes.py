"""Tasks that misbehave, for the examples on timeouts."""

from __future__ import annotations

import os
import time


def convert(name: str) -> str:
    """Return the name in capitals, unless it asks for trouble."""
    if name == "hang":
        time.sleep(3600)
    if name == "crash":
        os._exit(3)
    if name == "raise":
        raise ValueError("no such sheet")
    return name.upper()
