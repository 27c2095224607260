"""Read every sheet of a workbook: with the calls that AssetUtilities makes, and with two faster ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd

from examples.workload.inspection import make_batch

Tables = dict[str, pd.DataFrame]


def make_workbook(path: Path, sheets: int, readings: int) -> int:
    """Write a workbook with *sheets* sheets of *readings* inspection readings, and return its number of cells.

    Each sheet has a header and three columns; each fiftieth reading has no thickness, as real sheets do.
    """
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number in range(sheets):
        sheet = book.create_sheet(f"batch {number}")
        sheet.append(["member", "thickness", "grade"])
        for row, (member, thickness) in enumerate(make_batch(number, readings)):
            sheet.append([member, None if row % 50 == 25 else thickness, "X65" if member % 2 else "X52"])
    book.save(path)
    return sheets * (readings + 1) * 3


# region readers
def read_with_pandas(path: Path, engine: str = "openpyxl") -> Tables:
    """Return every sheet as ``ReadFromExcel.from_xlsx`` of AssetUtilities does."""
    with pd.ExcelFile(path, engine=engine) as book:
        return {name: book.parse(name) for name in book.sheet_names}


def read_with_calamine(path: Path) -> Tables:
    """Return every sheet through the same calls, with another engine below."""
    return read_with_pandas(path, engine="calamine")


def read_rows(path: Path) -> Tables:
    """Return every sheet from plain values: no object for each cell, and no conversion in pandas."""
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        tables = {}
        for sheet in book:
            header, *rows = sheet.iter_rows(values_only=True)
            tables[sheet.title] = pd.DataFrame(rows, columns=list(header))
        return tables
    finally:
        book.close()


# endregion readers

#: By the names under which the harness times them.
READERS: dict[str, Callable[[Path], Tables]] = {
    "openpyxl": read_with_pandas,
    "readonly": read_rows,
    "calamine": read_with_calamine,
}
