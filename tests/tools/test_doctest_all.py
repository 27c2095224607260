"""The table over all systems, the number of jobs, and the closing line."""

from __future__ import annotations

import pytest

from tools import doctest_all
from tools.doctest_all import Result, choose_jobs, find_free_memory, main, make_table

RECORD = {
    "version": "1.2",
    "pages": {"book/a.md": {"a-overview": {"passed": 3, "skipped": [{"reason": "no GPU"}, {"reason": "no GPU"}]}}},
    "tests": {"passed": 2, "skipped": [{"name": "test_x", "reason": "no Docker"}]},
    "failed": 0,
}


@pytest.mark.parametrize(
    ("systems", "cores", "free", "jobs"),
    [(29, 8, 16.0, 4), (29, 2, 64.0, 2), (29, 8, 1.0, 1), (2, 8, 64.0, 2), (29, 4, None, 4)],
)
def test_jobs(systems: int, cores: int, free: float | None, jobs: int) -> None:
    assert choose_jobs(systems, cores, free) == jobs


def test_free_memory_is_known_on_linux() -> None:
    free = find_free_memory()
    assert free is None or 0 < free < 100_000


def test_table() -> None:
    results = [Result("a", 0, 12.3, RECORD), Result("long-name", 1, 4.0)]
    assert make_table(results).splitlines() == [
        "system     version  examples  tests  failed  skipped  time",
        "a          1.2             3      2       0        3  12 s",
        "    skipped 2 × no GPU",
        "    skipped 1 × no Docker",
        "long-name  –               0      0       1        0   4 s",
    ]


def test_closing_line_and_exit_code(monkeypatch, tmp_path, capsys) -> None:
    def run(python, identifier, arguments, running):
        assert arguments == ["--update-evidence"]
        (tmp_path / f"{identifier}.log").write_text(f"log of {identifier}")
        return Result(identifier, int(identifier == "b"), 1.0, RECORD if identifier == "a" else {})

    monkeypatch.setattr(doctest_all, "OUTPUT", tmp_path)
    monkeypatch.setattr(doctest_all, "run_system", run)
    monkeypatch.setattr(doctest_all, "load_systems", lambda: {"a": None, "b": None})
    monkeypatch.delenv("CI", raising=False)
    assert main(["--jobs", "1", "--update-evidence"]) == 1
    output = capsys.readouterr().out
    assert "log of b" in output
    assert "log of a" not in output
    assert output.splitlines()[-1] == "5 passed, 1 failed, 3 skipped"
