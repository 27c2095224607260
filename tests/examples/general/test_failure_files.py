"""A writer that is killed: readers keep the old file, and the temporary one stays behind."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from examples.foundations.replace_file import replacing

WRITER = """
import os, signal, sys
from pathlib import Path
from examples.foundations.replace_file import replacing

with replacing(Path(sys.argv[1])) as file:
    file.write("new, but only ha")
    file.flush()
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_new_file_appears_whole_and_alone(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    with replacing(path) as file:
        file.write("first")
        assert not path.exists()
    with replacing(path) as file:
        file.write("second")
        assert path.read_text() == "first"
    assert [found.read_text() for found in tmp_path.iterdir()] == ["second"]


def test_an_exception_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text("old")
    with pytest.raises(KeyboardInterrupt), replacing(path) as file:
        file.write("new, but only ha")
        raise KeyboardInterrupt
    assert [found.read_text() for found in tmp_path.iterdir()] == ["old"]


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_a_killed_writer_leaves_the_old_file_and_its_temporary_one(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text("old")
    ended = subprocess.run([sys.executable, "-c", WRITER, str(path)])
    assert ended.returncode == -signal.SIGKILL
    assert path.read_text() == "old"
    left = [found.name for found in tmp_path.iterdir() if found != path]
    assert len(left) == 1 and left[0].startswith(".report.txt.")


def test_two_attempts_at_once_do_not_mix(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    with replacing(path) as given_up:
        given_up.write("first attempt\n")
        with replacing(path) as second:
            second.write("second attempt\n")
        assert path.read_text() == "second attempt\n"
        given_up.write("still there\n")
    assert path.read_text() == "first attempt\nstill there\n"
    assert len(list(tmp_path.iterdir())) == 1
