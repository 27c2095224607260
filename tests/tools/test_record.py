"""Records of what ran are compared across interpreters: a version guard may skip on one and not on the other."""

from __future__ import annotations

from tools.record import compare_records, update_record


def record(python: str, passed: int, *reasons: str) -> dict:
    section = {"passed": passed, "skipped": [{"reason": reason} for reason in reasons]}
    return {
        "system": "threading",
        "distribution": "stdlib",
        "version": "3.11",
        "python": [python],
        "date": "2026-11-24",
        "pages": {"book/threading.md": {"threading-overview": section}},
        "tests": {"passed": 1, "skipped": []},
    }


OLD, NEW = record("3.11", 2, "Queue.shutdown is new in Python 3.13"), record("3.13", 3)


def test_a_version_guard_is_no_difference() -> None:
    assert compare_records(OLD, NEW) == []
    assert compare_records(OLD, record("3.13", 2)) and compare_records(OLD, record("3.13", 3, "no Docker"))


def test_the_counts_are_those_of_the_interpreter_that_ran_more() -> None:
    for first, second in ((OLD, NEW), (NEW, OLD)):
        updated = update_record(first, second)
        assert updated["python"] == ["3.11", "3.13"] and updated["pages"] == NEW["pages"]


def test_another_outcome_replaces_the_record() -> None:
    updated = update_record(NEW, record("3.11", 5))
    assert updated["python"] == ["3.11"]
