"""Every engine proves right answers before anything is timed: a fast wrong answer is no result."""

from __future__ import annotations

from typing import Any

from examples.measure.adapter import Adapter
from examples.measure.tasks import add
from examples.workload.inspection import inspect_batch


def check(adapter: Adapter) -> None:
    """Raise :class:`RuntimeError` when the engine's answers to a task and to the shared job are wrong."""
    expect(adapter, "a single task", adapter.one(add, 20, 22), 42)
    numbers = list(range(4))
    answers = adapter.many(inspect_batch, numbers)
    expect(adapter, "the shared job", answers, [inspect_batch(number) for number in numbers])


def expect(adapter: Adapter, what: str, answer: Any, right: Any) -> None:
    """Raise :class:`RuntimeError` that names the system and *what* was asked when *answer* is not *right*."""
    if answer != right:
        raise RuntimeError(f"{adapter.system}: {what} gave a wrong answer")
