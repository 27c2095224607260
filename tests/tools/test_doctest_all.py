"""The table over all systems, the number of jobs, and the closing line."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tools import doctest_all
from tools.doctest_all import Result, choose_jobs, choose_pythons, choose_systems, find_free_memory, main, make_table

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
    def run(python, identifier, arguments, running, version):
        assert arguments == ["--update-evidence"]
        (tmp_path / f"{identifier}.log").write_text(f"log of {identifier}")
        return Result(identifier, int(identifier == "b"), 1.0, RECORD if identifier == "a" else {})

    monkeypatch.setattr(doctest_all, "OUTPUT", tmp_path)
    monkeypatch.setattr(doctest_all, "run_system", run)
    monkeypatch.setattr(doctest_all, "load_chapters", lambda: dict.fromkeys("ab", SimpleNamespace(part="one")))
    monkeypatch.delenv("CI", raising=False)
    assert main(["--jobs", "1", "--update-evidence"]) == 1
    output = capsys.readouterr().out
    assert "log of b" in output
    assert "log of a" not in output
    assert output.splitlines()[-1] == "5 passed, 1 failed, 3 skipped"


SYSTEMS = {
    "dask": SimpleNamespace(part="distributed"),
    "joblib": SimpleNamespace(part="one"),
    "ray": SimpleNamespace(part="distributed"),
}


@pytest.mark.parametrize(
    ("parts", "named", "ids"),
    [
        ([], [], ["dask", "joblib", "ray", "general"]),
        (["distributed"], [], ["dask", "ray"]),
        (["one"], ["general", "ray"], ["joblib", "ray", "general"]),
    ],
)
def test_systems(parts: list[str], named: list[str], ids: list[str]) -> None:
    assert choose_systems(SYSTEMS, parts, named) == ids


@pytest.mark.parametrize(("parts", "named", "what"), [(["two"], [], "no part 'two'"), ([], ["rey"], "no system 'rey'")])
def test_systems_that_are_not_there(parts: list[str], named: list[str], what: str) -> None:
    with pytest.raises(ValueError, match=what):
        choose_systems(SYSTEMS, parts, named)


def test_pythons(monkeypatch) -> None:
    monkeypatch.setattr(
        doctest_all, "find_python", lambda version, tox: version if version in ("3.11", "3.13") else None
    )
    monkeypatch.setattr(doctest_all.platform, "python_version_tuple", lambda: ("3", "11", "2"))
    assert choose_pythons([], "python") == [""]
    assert choose_pythons(["3.12"], "python") == ["3.12"]
    assert choose_pythons(["others"], "python") == ["3.13"]
    with pytest.raises(ValueError, match="--python takes 3.11"):
        choose_pythons(["2.7"], "python")


def test_repeated_runs_on_another_interpreter(monkeypatch, tmp_path, capsys) -> None:
    ran = []

    def run_system(python, identifier, arguments, running, version=""):
        ran.append((identifier, version))
        return Result(identifier, int(len(ran) == 2), 1.0, RECORD, version)

    monkeypatch.setattr(doctest_all, "OUTPUT", tmp_path)
    (tmp_path / "joblib.log").write_text("what went wrong", "utf8")
    monkeypatch.setattr(doctest_all, "load_chapters", lambda: SYSTEMS)
    monkeypatch.setattr(doctest_all, "run_system", run_system)
    assert main(["--system", "joblib", "--python", "3.13", "--repeat", "3"]) == 1
    assert ran == [("joblib", "3.13")] * 3
    shown = capsys.readouterr().out
    assert "run 3 of 3; 1 of 3 so far failed" in shown and "what went wrong" in shown and "joblib, Python 3.13" in shown
