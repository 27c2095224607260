"""The fault drills of Modin on Ray, one after another on one local Ray; prints one JSON object."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import modin.config
import modin.pandas as pd
import pandas
import psutil
import ray

from examples.modin.measure import forget_ray
from examples.modin.survive_killed_worker import count, read_wall

ROWS, FATAL = 4_000, 10


@contextmanager
def two_workers() -> Iterator[None]:
    """Start Ray with a short path for its sockets, and stop it after the block."""
    with tempfile.TemporaryDirectory(prefix="ray-", dir="/tmp", ignore_cleanup_errors=True) as short:
        quiet = {"include_dashboard": False, "log_to_driver": False, "logging_level": "ERROR"}
        ray.init(num_cpus=2, _temp_dir=short, **quiet)
        try:
            yield
        finally:
            ray.shutdown()


def kill_workers() -> None:
    """Kill every worker process of this Ray."""
    for child in psutil.Process().children(recursive=True):
        if child.name().startswith("ray::") and "Agent" not in " ".join(child.cmdline()):
            child.kill()


def main(folder: Path) -> None:
    """Run the drills with their files in *folder*."""
    table = pandas.DataFrame({"row": [float(number) for number in range(ROWS)]})
    right = float(table["row"].sum())
    found = {}

    def drill(name: str, work: Callable[[Path], float]) -> None:
        marks = folder / name
        try:
            seen = "right" if work(marks) == right else "wrong"
        except Exception as error:
            seen = type(error).__name__
            print(name, error, file=sys.stderr)
        found[name] = {"outcome": seen, "effects": count(marks, FATAL)}
        print(name, found[name], file=sys.stderr, flush=True)

    def applied(marks: Path, deaths: int):
        return frame["row"].apply(lambda row: read_wall(row, marks, FATAL, deaths))

    def hold_then_lose(marks: Path) -> float:
        held = applied(marks, 0)
        held.sum()
        kill_workers()
        return float(held.sum())

    modin.config.Engine.put("Ray")
    with two_workers():
        frame = pd.DataFrame(table)
        drill("worker-killed", lambda marks: float(applied(marks, 1).sum()))
        drill("held", hold_then_lose)
        drill("poison", lambda marks: float(applied(marks, 99).sum()))
    with two_workers():
        drill("second-ray", lambda marks: float(pd.DataFrame(table)["row"].sum()))
        forget_ray()
        drill("second-ray-forgetful", lambda marks: float(pd.DataFrame(table)["row"].sum()))
    print(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
