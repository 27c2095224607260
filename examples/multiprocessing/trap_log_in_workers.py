"""Trap: the logging that the parent has set up exists in a forked worker, and in no other."""

from __future__ import annotations

import logging
import multiprocessing
from pathlib import Path

# region log
logger = logging.getLogger("inspection")


def inspect(member: int) -> None:
    """Log that *member* was inspected."""
    logger.info("member %d inspected", member)


def lines_logged(method: str, path: Path) -> int:
    """Log to *path* from workers started by *method*; return how many of four lines arrive."""
    handler = logging.FileHandler(path)
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    with multiprocessing.get_context(method).Pool(2) as pool:
        pool.map(inspect, range(4))
    logger.removeHandler(handler)
    handler.close()
    return len(path.read_text().splitlines())


# endregion log
