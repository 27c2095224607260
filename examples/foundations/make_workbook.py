"""A workbook as real ones are: several sheets, numbers, texts, and gaps."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from examples.workload.inspection import make_batch


def make_workbook(path: Path, sheets: int, readings: int) -> int:
    """Write a workbook with *sheets* sheets of *readings* inspection readings, and return its number of cells.

    Each sheet has a header and three columns; one in fifty readings has no thickness.
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
