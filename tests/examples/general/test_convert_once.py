"""A conversion that may be delivered twice: in a row, at the same time, and after a worker was killed in the middle."""

from __future__ import annotations

import multiprocessing
import signal
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pandas
import pytest

from examples.assetutilities import convert_once, read_excel

SETTINGS = {"sheet": "results 0"}


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return read_excel.make_inputs(tmp_path / "books", count=1, rows=5)[0]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def test_the_second_delivery_changes_nothing(book: Path, folder: Path) -> None:
    first = convert_once.convert(book, SETTINGS, folder)
    written = first.stat().st_mtime_ns
    assert convert_once.convert(book, SETTINGS, folder) == first
    assert first.stat().st_mtime_ns == written and list(folder.iterdir()) == [first]
    expected = pandas.read_excel(book, sheet_name="results 0", engine="openpyxl")
    pandas.testing.assert_frame_equal(pandas.read_csv(first), expected)


def test_other_settings_and_other_content_have_files_of_their_own(book: Path, folder: Path, tmp_path: Path) -> None:
    other_sheet = convert_once.convert(book, {"sheet": "results 1"}, folder)
    first = convert_once.convert(book, SETTINGS, folder)
    [changed] = read_excel.make_inputs(tmp_path / "later", count=1, rows=6)
    assert changed.name == book.name
    assert (
        len({other_sheet, first, convert_once.convert(changed, SETTINGS, folder)}) == len(list(folder.iterdir())) == 3
    )


def test_two_deliveries_at_the_same_time_leave_one_whole_file(book: Path, folder: Path) -> None:
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        futures = [pool.submit(convert_once.convert, book, SETTINGS, folder) for _ in range(6)]
        targets = {future.result() for future in futures}
    assert list(folder.iterdir()) == list(targets)
    assert len(pandas.read_csv(targets.pop())) == 5


def die_before_the_move(book: Path, folder: Path) -> None:
    """Do the work of a task whose worker is killed when the draft is written."""
    convert_once.os.replace = lambda *_: signal.raise_signal(signal.SIGKILL)
    convert_once.convert(book, SETTINGS, folder)


def test_a_killed_worker_leaves_a_draft_and_no_target(book: Path, folder: Path) -> None:
    process = multiprocessing.get_context("spawn").Process(target=die_before_the_move, args=(book, folder))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert [path.suffix for path in folder.iterdir()] == [".part"]
    target = convert_once.convert(book, SETTINGS, folder)
    assert len(pandas.read_csv(target)) == 5
