"""Follow one task through the events that workers send."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from celery import Celery


# region follow
def follow(app: Celery, send: Callable[[], object]) -> list[str]:
    """Listen, call *send*, which sends one task, and return the events of the task."""
    seen: list[str] = []
    turns = itertools.count()
    with app.connection_for_read() as connection:
        receiver = app.events.Receiver(connection, handlers={"*": lambda event: seen.append(event["type"])})
        # The first turn of its loop subscribes; whatever is sent before that, nobody hears.
        receiver.on_iteration = lambda: send() if next(turns) == 1 else None
        for _ in receiver.itercapture(timeout=30, wakeup=False):
            if {"task-succeeded", "task-failed"} & set(seen):
                break
    return [event for event in seen if event.startswith("task-")]


# endregion follow
