"""Copy tables into the sheets of one workbook: loaded and saved twice for each table, and once for all."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import pandas as pd

#: What the copy clears first; AssetUtilities clears A1:BZ1000.
AREA = "A1:F60"


# region repeated
def copy_one_by_one(template: Path, target: Path, tables: dict[str, pd.DataFrame]) -> None:
    """Copy *tables* into a copy of *template*, with the calls of ``csv_copy_to_excel`` of AssetUtilities."""
    shutil.copy(template, target)
    for name, table in tables.items():
        book = openpyxl.load_workbook(target, data_only=False)
        if name not in book.sheetnames:
            book.create_sheet(name)
        _clear(book[name])
        book.save(target)
        with pd.ExcelWriter(target, mode="a", engine="openpyxl", if_sheet_exists="overlay") as writer:
            table.to_excel(writer, sheet_name=name, index=False)


# endregion repeated


# region once
def copy_together(template: Path, target: Path, tables: dict[str, pd.DataFrame]) -> None:
    """Do the same with one load and one save."""
    book = openpyxl.load_workbook(template, data_only=False)
    for name, table in tables.items():
        sheet = book[name] if name in book.sheetnames else book.create_sheet(name)
        _clear(sheet)
        for row, values in enumerate([list(table.columns), *table.itertuples(index=False, name=None)], 1):
            for column, value in enumerate(values, 1):
                sheet.cell(row, column).value = value
    book.save(target)


# endregion once


def _clear(sheet) -> None:
    for row in sheet[AREA]:
        for cell in row:
            cell.value = None


def read_values(path: Path) -> dict[str, list[tuple]]:
    """Return the values of every sheet, without the empty rows below."""
    book = openpyxl.load_workbook(path)
    return {
        sheet.title: [row for row in sheet.iter_rows(values_only=True) if any(value is not None for value in row)]
        for sheet in book
    }
