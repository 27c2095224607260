"""Minimum, maximum, mean and deviation of each column of a CSV file.

The original is ``DataExploration.get_df_with_basic_statistics``, src/assetutilities/modules/data_exploration/
data_exploration.py, lines 104-159, on what ``DataManagement`` reads (common/data_management.py, line 41).
"""

from __future__ import annotations

from pathlib import Path

import pandas
import polars

from examples.assetutilities.job import Method
from examples.workload.inspection import make_batch

Statistics = dict[str, tuple[float, float, float, float]]


# region original
def describe(path: Path) -> Statistics:
    """Read with pandas and ask column by column, as the original does."""
    return _columns(pandas.read_csv(path))


def _columns(frame: pandas.DataFrame) -> Statistics:
    return {
        str(name): (frame[name].min(), frame[name].max(), frame[name].mean(), frame[name].std())
        for name in frame.columns
    }


# endregion original


# region pyarrow
def describe_pyarrow(path: Path) -> Statistics:
    """Let Arrow parse the file: one argument of the original's call."""
    return _columns(pandas.read_csv(path, engine="pyarrow"))


# endregion pyarrow


# region polars
def describe_polars(path: Path) -> Statistics:
    """Read and aggregate with polars, which uses threads of its own."""
    every = polars.all()
    frame = polars.read_csv(path)
    rows = [frame.select(column).row(0) for column in (every.min(), every.max(), every.mean(), every.std())]
    return dict(zip(frame.columns, zip(*rows, strict=True), strict=True))


# endregion polars

METHODS = {"pandas": Method(describe), "pyarrow": Method(describe_pyarrow), "polars": Method(describe_polars)}


def make_inputs(folder: Path, count: int = 8, rows: int = 120_000) -> list[Path]:
    """Write *count* files with *rows* rows of four numbers."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number in range(count):
        lines = ["member,thickness,stress,usage"]
        lines += [f"{m},{t:.4f},{100 + 3 * t:.4f},{1 / (1 + t):.6f}" for m, t in make_batch(number, rows)]
        paths.append(folder / f"series-{number}.csv")
        paths[-1].write_text("\n".join(lines) + "\n", "utf8")
    return paths


def answer(statistics: Statistics) -> dict[str, list[str]]:
    """Return the numbers to nine digits: libraries add up in different orders."""
    return {name: [f"{float(value):.9g}" for value in values] for name, values in statistics.items()}
