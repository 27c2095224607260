"""The three readers agree on what real sheets hold, and the faster one needs fewer calls, on larger workbooks too."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest
from pandas.testing import assert_frame_equal

from examples.assetutilities.read_excel import read_calamine, read_rows, read_sheets
from examples.foundations.count_calls import count_calls
from examples.foundations.make_workbook import make_workbook

READERS = {"openpyxl": read_sheets, "rows": read_rows, "calamine": read_calamine}


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    path = tmp_path / "readings.xlsx"
    make_workbook(path, sheets=3, readings=300)
    return path


@pytest.mark.parametrize("name", READERS)
def test_readers_agree(workbook: Path, name: str) -> None:
    expected, found = READERS["openpyxl"](workbook), READERS[name](workbook)
    assert list(found) == list(expected)
    for sheet, table in expected.items():
        assert_frame_equal(found[sheet], table)


def test_engines_agree_on_dates_texts_and_booleans(tmp_path: Path) -> None:
    path = tmp_path / "types.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["when", "what", "good", "long"])
    book.active.append([dt.datetime(2026, 11, 24, 3, 40), "grün", True, 2**40])
    book.active.append([dt.datetime(2025, 1, 1), None, False, -1])
    book.save(path)
    assert_frame_equal(read_calamine(path)["Sheet"], read_sheets(path)["Sheet"])


def test_counts_of_calls_fall(workbook: Path) -> None:
    totals = {name: count_calls(read, workbook).total() for name, read in READERS.items()}
    assert totals["openpyxl"] > totals["rows"] > 2 * totals["calamine"]
