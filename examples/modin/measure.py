"""Adapters for the measuring harness: Modin on Dask and on Ray, used as pandas is used, through ``Series.map``.

A task of the harness is a row here: Modin has no smaller unit that a user can submit, and cuts a series only where a
part has 32 rows or more.  ``one`` is therefore a series of one row.  Not ``apply``: it runs the first row once more, in
the driver.  ``modin.pandas`` is imported where it is needed: the harness times that import.
"""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

#: Rows of the frames that the own probes use: large, and small.
ROWS, FEW = 2_000_000, 5

Probes = dict[str, tuple[str, Callable[[], float]]]


class Frames:
    """What both engines share: the work is the same pandas program."""

    system = "modin"
    import_name = "modin.pandas"
    backend: str

    def one(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Map the function over a series of one row."""
        return self._map(lambda row: function(*row), [arguments])[0]

    def many(self, function: Callable[[Any], Any], arguments: list[Any]) -> list[Any]:
        """Map the function over a series with a row an argument, results in order."""
        return self._map(function, arguments)

    def extra(self) -> Probes:
        """Probes of this system alone: a group-by on Modin and on pandas, and the way to the driver."""
        import pandas

        large = _frame(pandas, ROWS)
        few = large.head(FEW)
        frames = {"group.large": self._distribute(large), "group.small": self._distribute(few)}
        probes = {name: ("s", lambda frame=frame: _seconds(lambda: _group(frame))) for name, frame in frames.items()}
        probes |= {
            "group.large.pandas": ("s", lambda: _seconds(lambda: _group(large))),
            "group.small.pandas": ("s", lambda: _seconds(lambda: _group(few))),
            "from_pandas": ("s", lambda: _seconds(lambda: self._distribute(large))),
            "to_pandas": ("s", lambda: _seconds(lambda: frames["group.large"].modin.to_pandas())),
        }
        return probes

    def _map(self, function: Callable[[Any], Any], rows: list[Any]) -> list[Any]:
        import modin.pandas as pd
        import pandas
        from modin.config import context

        # Filled by hand: rows that are tuples or lists would be taken for columns.
        column = pandas.Series([None] * len(rows), dtype=object)
        for number, row in enumerate(rows):
            column.iat[number] = row
        with context(Backend=self.backend):
            return pd.Series(column).map(function).modin.to_pandas().tolist()

    def _distribute(self, frame: Any) -> Any:
        import modin.pandas as pd
        from modin.config import context
        from modin.utils import execute

        with context(Backend=self.backend):
            distributed = pd.DataFrame(frame)
            execute(distributed)
        return distributed

    def _configure(self, workers: int) -> None:
        import modin.config

        warnings.filterwarnings("ignore", module="modin")
        modin.config.Engine.put(self.backend)
        modin.config.NPartitions.put(workers)
        modin.config.CpuCount.put(workers)


class DaskAdapter(Frames):
    """Modin on a ``LocalCluster`` of single-threaded processes."""

    packages = ("modin", "dask", "distributed")
    backend = "Dask"

    def __init__(self) -> None:
        self._client: Any = None
        self._cluster: Any = None
        self._config: Any = None

    def start(self, workers: int, home: Path) -> None:
        """Start the cluster with its files under *home*; its client is the default one, which Modin takes."""
        import dask
        from distributed import Client, LocalCluster

        warnings.filterwarnings("ignore", message="Port .* is already in use")
        warnings.filterwarnings("ignore", message="Sending large graph")
        self._config = dask.config.set({"temporary-directory": str(home)})
        self._cluster = LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None)
        self._client = Client(self._cluster)
        self._client.wait_for_workers(workers)
        self._configure(workers)

    def stop(self) -> None:
        """Close the client and the cluster, and put the configuration back."""
        if self._client is not None:
            self._client.close()
        if self._cluster is not None:
            self._cluster.close()
        if self._config is not None:
            self._config.__exit__(None, None, None)
        if self._client is not None:
            from modin.core.execution.dask.implementations.pandas_on_dask.partitioning import partition

            # Modin keeps a reference to the function that it stored in the cluster that has gone.
            partition.PandasOnDaskDataframePartition._iloc_func = None
        self._client = self._cluster = self._config = None


class RayAdapter(Frames):
    """Modin on a local Ray without dashboard, logs or usage statistics."""

    packages = ("modin", "ray", "pyarrow")
    backend = "Ray"

    def __init__(self) -> None:
        self._folder = ""

    def start(self, workers: int, home: Path) -> None:
        """Start Ray with *workers* logical CPUs; Modin takes the Ray that runs."""
        os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
        os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(32))
        import ray

        # Not below *home*: the paths of Ray's sockets may have 107 bytes.
        self._folder = tempfile.mkdtemp(prefix="ray-", dir="/tmp" if os.name == "posix" else None)
        ray.init(
            "local",
            num_cpus=workers,
            include_dashboard=False,
            log_to_driver=False,
            logging_level="ERROR",
            _temp_dir=self._folder,
        )
        self._configure(workers)

    def stop(self) -> None:
        """Stop every process of Ray and remove its session."""
        import ray

        ray.shutdown()
        if self._folder:
            forget_ray()
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = ""


def forget_ray() -> None:
    """Drop the references to functions that Modin stored in a Ray that has gone, without which no other Ray works."""
    from modin.core.execution.ray.common.engine_wrapper import RayWrapper
    from modin.core.execution.ray.implementations.pandas_on_ray import partitioning

    RayWrapper._func_cache.clear()
    partitioning.PandasOnRayDataframePartition._iloc_func = None
    for kind in (
        partitioning.PandasOnRayDataframeVirtualPartition,
        partitioning.PandasOnRayDataframeColumnPartition,
        partitioning.PandasOnRayDataframeRowPartition,
    ):
        kind._DEPLOY_AXIS_FUNC = kind._DEPLOY_SPLIT_FUNC = kind._DRAIN_FUNC = None


def _frame(library: Any, rows: int) -> Any:
    """Return a frame of *rows* readings of 20 members."""
    import numpy

    random = numpy.random.default_rng(0)
    return library.DataFrame({"member": random.integers(0, 20, rows), "thickness": random.uniform(8, 13, rows)})


def _group(frame: Any) -> float:
    """Return the largest mean thickness by member, as a number: nothing of it can be left for later."""
    return float(frame.groupby("member")["thickness"].mean().max())


def _seconds(call: Callable[[], Any]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


VARIANTS = {"": DaskAdapter, "ray": RayAdapter}
