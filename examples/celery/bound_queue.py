"""Send tasks no faster than they are taken: the broker does not slow its clients down."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import Any

import redis
from celery import Task
from celery.result import AsyncResult


# region bounded
def send_bounded(
    broker: redis.Redis, task: Task, arguments: Iterable[Any], queue: str, limit: int
) -> Iterator[AsyncResult]:
    """Send a task for each argument, and wait while *limit* are waiting."""
    for argument in arguments:
        while broker.llen(queue) >= limit:
            time.sleep(0.05)
        yield task.apply_async((argument,), queue=queue)


# endregion bounded
