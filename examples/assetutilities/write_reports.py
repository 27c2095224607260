"""Write the table of a CSV file into a report.

The originals are ``WordUtilities.csv_to_docx``, src/assetutilities/common/word_utilities.py, lines 32-63, and
``df_to_table_as_docx``, common/writers.py, lines 165-180.
"""

from __future__ import annotations

import csv
import html.parser
from pathlib import Path

import jinja2
from docx import Document
from docx.enum.text import WD_PARAGRAPH_ALIGNMENT
from docx.shared import Pt

from examples.assetutilities.job import Method
from examples.workload.inspection import make_batch


# region original
def write_row_by_row(path: Path) -> Path:
    """Add a row, then set text, alignment and size of each of its cells, as ``csv_to_docx`` does."""
    header, *rows = read_table(path)
    document = Document()
    table = document.add_table(rows=1, cols=len(header))
    table.style = "Table Grid"
    _fill(table.rows[0].cells, header)
    for row in rows:
        _fill(table.add_row().cells, row)
    return _save(document, path)


# endregion original


def _fill(cells, texts: list[str]) -> None:
    for cell, text in zip(cells, texts, strict=True):
        cell.text = text
        for paragraph in cell.paragraphs:
            paragraph.alignment = WD_PARAGRAPH_ALIGNMENT.CENTER
            for run in paragraph.runs:
                run.font.size = Pt(10)


# region cells
def write_cell_by_cell(path: Path) -> Path:
    """Look each cell up by row and column, as ``df_to_table_as_docx`` does: each look-up builds the list of all."""
    rows = read_table(path)
    document = Document()
    table = document.add_table(rows=len(rows), cols=len(rows[0]))
    for i, row in enumerate(rows):
        for j, text in enumerate(row):
            table.cell(i, j).text = text
    return _save(document, path)


# endregion cells


# region table
def write_whole_table(path: Path) -> Path:
    """Set alignment and size once, in the style of the table, and fill its cells in one walk."""
    rows = read_table(path)
    document = Document()
    table = document.add_table(rows=len(rows), cols=len(rows[0]))
    table.style = "Table Grid"
    table.style.paragraph_format.alignment = WD_PARAGRAPH_ALIGNMENT.CENTER
    table.style.font.size = Pt(10)
    cells = table._cells  # one list of all cells, where Table.cell() would build it anew for each
    for cell, text in zip(cells, (text for row in rows for text in row), strict=True):
        cell.paragraphs[0].add_run(text)
    return _save(document, path)


# endregion table

# region html
PAGE = jinja2.Template(
    "<!doctype html><title>{{ title }}</title><table>"
    "{% for row in rows %}<tr>{% for text in row %}<td>{{ text }}</td>{% endfor %}</tr>{% endfor %}</table>",
    autoescape=True,
)


def write_html(path: Path) -> Path:
    """Write the same table as a web page."""
    target = path.with_suffix(".html")
    target.write_text(PAGE.render(title=path.stem, rows=read_table(path)), "utf8")
    return target


# endregion html


def read_table(path: Path) -> list[list[str]]:
    """Return header and rows as text."""
    with path.open(encoding="utf8", newline="") as file:
        return list(csv.reader(file))


def _save(document, path: Path) -> Path:
    target = path.with_suffix(".docx")
    document.save(str(target))
    return target


METHODS = {
    "docx": Method(write_row_by_row),
    "cells": Method(write_cell_by_cell),
    "table": Method(write_whole_table),
    "html": Method(write_html),
}


def make_inputs(folder: Path, count: int = 4, rows: int = 40) -> list[Path]:
    """Write *count* CSV files with *rows* rows of four columns."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number in range(count):
        paths.append(folder / f"table-{number}.csv")
        lines = [f"{m},{t:.2f},{100 + 3 * t:.2f},{1 / (1 + t):.2f}" for m, t in make_batch(number, rows)]
        paths[-1].write_text("\n".join(["member,thickness,stress,usage", *lines]) + "\n", "utf8")
    return paths


class _Cells(html.parser.HTMLParser):
    """Collects the texts of all cells of a web page."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._within = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._within = tag == "td"

    def handle_data(self, data: str) -> None:
        if self._within:
            self.texts.append(data)
            self._within = False


def answer(path: Path) -> list[str]:
    """Return the texts of the table's cells, in order."""
    if path.suffix == ".html":
        cells = _Cells()
        cells.feed(path.read_text("utf8"))
        return cells.texts
    return [cell.text for cell in Document(str(path)).tables[0]._cells]
