"""Fault drills on both engines: what is killed, what the program sees, and how often each row was worked on.

Each engine runs its drills one after another in a process of its own: what Modin and its engines leave in a process
would be taken over by the next.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROWS, FATAL = 4_000, 10

COMMON = """
import json, os, signal, sys, tempfile, time
from pathlib import Path

import pandas
import psutil
import modin.config
import modin.pandas as pd

from examples.modin.exceed_memory import grow
from examples.modin.survive_killed_worker import count, read_wall

ROWS, FATAL = 4_000, 10
folder = Path(sys.argv[1])
table = pandas.DataFrame({"row": [float(number) for number in range(ROWS)]})
RIGHT = float(table["row"].sum())
found = {}


def outcome(work):
    try:
        return work() == RIGHT
    except BaseException as error:
        return type(error).__name__


def rows_seen(name):
    return count(folder / name), count((folder / name).with_suffix(".deaths"))


def apply(frame, name, deaths):
    marks = folder / name
    return float(frame["row"].apply(lambda row: read_wall(row, marks, FATAL, deaths)).sum())

"""

DASK = """
import dask
from dask.distributed import Client, LocalCluster

from examples.modin.start_cluster import cluster

one_thread = {"threads_per_worker": 1, "dashboard_address": None}
modin.config.Engine.put("Dask")
modin.config.NPartitions.put(2)
table.to_parquet(folder / "rows.parquet", row_group_size=ROWS // 2, index=False)


def kill_one(client):
    address, process = next(iter(client.run(os.getpid).items()))
    os.kill(process, signal.SIGKILL)
    while address in client.scheduler_info()["workers"]:
        time.sleep(0.02)


with LocalCluster(n_workers=2, **one_thread) as local, Client(local) as client:
    frame = pd.read_parquet(str(folder / "rows.parquet"))
    found["killed once"] = [outcome(lambda: apply(frame, "once", 1)), rows_seen("once")]
    client.wait_for_workers(2)

    from_file = pd.read_parquet(str(folder / "rows.parquet"))
    from_memory = pd.DataFrame(table)
    from_file["row"].sum(), from_memory["row"].sum()
    kill_one(client)
    found["held, from a file"] = outcome(lambda: float(from_file["row"].sum()))
    found["held, from memory"] = outcome(lambda: float(from_memory["row"].sum()))
    client.wait_for_workers(2)

    frame = pd.read_parquet(str(folder / "rows.parquet"))
    found["poison"] = [outcome(lambda: apply(frame, "poison", 99)), rows_seen("poison")]

with LocalCluster(n_workers=1, **one_thread) as local, Client(local) as client:
    frame = pd.read_parquet(str(folder / "rows.parquet"))
    found["the only worker, killed once"] = [outcome(lambda: apply(frame, "only", 1)), rows_seen("only")]

with (
    dask.config.set({"distributed.scheduler.allowed-failures": 0}),
    LocalCluster(n_workers=1, memory_limit="500MB", **one_thread) as local,
    Client(local) as client,
):
    frame = pd.read_parquet(str(folder / "rows.parquet"))
    found["memory"] = outcome(lambda: float(frame["row"].apply(lambda row: grow(row, 700)).sum()))

with cluster(folder) as (address, processes), Client(address, timeout=5) as client:
    frame = pd.read_parquet(str(folder / "rows.parquet"))
    frame["row"].sum()
    processes[1].kill()  # a host: worker and nanny
    found["a host lost"] = outcome(lambda: float(frame["row"].sum()))
    processes[0].kill()
    found["scheduler killed"] = outcome(lambda: float((frame["row"] + 1).sum()) - ROWS)

print(json.dumps(found))
"""

RAY = """
import ray

ray.init(
    num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="ERROR",
    _temp_dir=tempfile.mkdtemp(prefix="ray-", dir="/tmp"),
)
modin.config.Engine.put("Ray")
modin.config.NPartitions.put(2)


def kill_workers():
    for child in psutil.Process().children(recursive=True):
        if child.name().startswith("ray::"):
            child.kill()


frame = pd.DataFrame(table)
found["killed once"] = [outcome(lambda: apply(frame, "once", 1)), rows_seen("once")]

from_memory = pd.DataFrame(table)
doubled = from_memory * 2
doubled["row"].sum()
kill_workers()
found["held, from memory"] = outcome(lambda: float(from_memory["row"].sum()))
found["held, computed"] = outcome(lambda: float(doubled["row"].sum()) / 2)

found["poison"] = [outcome(lambda: apply(frame, "poison", 99)), rows_seen("poison")]
ray.shutdown()
print(json.dumps(found))
"""


def run(program: str, folder: Path, timeout: float = 150) -> Any:
    """Run COMMON and, below a main guard, *program*; return the JSON object in its last line."""
    indented = "".join(f"    {line}\n" for line in program.splitlines())
    text = f'{COMMON}\nif __name__ == "__main__":\n{indented}'
    script = folder / "drill.py"
    script.write_text(text)
    done = subprocess.run(
        [sys.executable, str(script), str(folder)], env=os.environ, capture_output=True, text=True, timeout=timeout
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def on_dask(home):
    folder = home / "dask"
    folder.mkdir()
    return run(DASK, folder)


@pytest.fixture(scope="module")
def on_ray(home):
    folder = home / "ray"
    folder.mkdir()
    return run(RAY, folder)


def test_dask_print(on_dask):
    print(on_dask)


def test_ray_print(on_ray):
    print(on_ray)
