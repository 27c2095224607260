"""Run a task over items: results in input order, every error kept beside its item."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from celery import Task
from celery.result import AsyncResult

#: Result and error of one item: one of the two is ``None``.
Outcome = tuple[Any, str | None]


# region outcomes
def outcomes(task: Task, items: Iterable[Any], patience: float = 60.0) -> list[Outcome]:
    """Return ``(result, None)`` or ``(None, error)`` for each item, in order."""
    sent = [task.delay(item) for item in items]
    return [outcome(result, patience) for result in sent]


def outcome(result: AsyncResult, patience: float) -> Outcome:
    """Wait for one item; an exception becomes its text, not a silent ``None``."""
    try:
        return result.get(timeout=patience), None
    except Exception as error:
        return None, f"{type(error).__name__}: {error}"


# endregion outcomes
