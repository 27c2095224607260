"""Read every sheet of a workbook: AssetUtilities' call, the rows of openpyxl directly, and another reader.

The original is ``ReadFromExcel.from_xlsx``, src/assetutilities/common/readers/excel_reader.py, lines 31-34.
"""

from __future__ import annotations

from pathlib import Path

import pandas
from openpyxl import Workbook, load_workbook

from examples.assetutilities.job import Method
from examples.workload.inspection import make_batch

Sheets = dict[str, pandas.DataFrame]
COLUMNS = ("member", "case", "thickness", "stress", "usage")


# region original
def read_sheets(path: Path) -> Sheets:
    """Read the sheets as the original does, with the reader that pandas takes when none is named."""
    with pandas.ExcelFile(path, engine="openpyxl") as workbook:
        return {name: workbook.parse(name) for name in workbook.sheet_names}


# endregion original


# region rows
def read_rows(path: Path) -> Sheets:
    """Read the rows as plain values, past the cells that pandas converts one by one."""
    workbook = load_workbook(path, read_only=True, data_only=True)
    try:
        sheets = {}
        for sheet in workbook.worksheets:
            header, *rows = sheet.iter_rows(values_only=True)
            sheets[sheet.title] = pandas.DataFrame(rows, columns=list(header))
        return sheets
    finally:
        workbook.close()


# endregion rows


# region calamine
def read_calamine(path: Path) -> Sheets:
    """Read the sheets with calamine, which is written in Rust: one argument of the original's call."""
    with pandas.ExcelFile(path, engine="calamine") as workbook:
        return {name: workbook.parse(name) for name in workbook.sheet_names}


# endregion calamine

METHODS = {"openpyxl": Method(read_sheets), "readonly": Method(read_rows), "calamine": Method(read_calamine)}


def make_inputs(folder: Path, count: int = 8, rows: int = 500) -> list[Path]:
    """Write *count* workbooks of two sheets with *rows* rows each."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number in range(count):
        workbook = Workbook(write_only=True)
        for half in range(2):
            sheet = workbook.create_sheet(f"results {half}")
            sheet.append(COLUMNS)
            for member, thickness in make_batch(2 * number + half, rows):
                sheet.append(
                    (member, f"case {member % 7}", thickness + 0.0005, 100.25 + 3 * thickness, 1.5 / (1 + thickness))
                )
        paths.append(folder / f"results-{number}.xlsx")
        workbook.save(paths[-1])
    return paths


def answer(sheets: Sheets) -> dict[str, dict[str, list[object]]]:
    """Return what was read as plain values, so that readers can be compared."""
    return {name: frame.to_dict("list") for name, frame in sheets.items()}
