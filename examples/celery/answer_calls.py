"""The app of the measuring harness: one task that calls any function, with pickle so that bytes travel as bytes.

Whoever can write to its broker can run code: it is for brokers on the loopback interface, or behind a password.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from celery import Celery

from examples.celery.leave_marks import leave

SETTINGS = {
    "task_serializer": "pickle",
    "result_serializer": "pickle",
    "accept_content": ["pickle", "json"],
    "result_expires": 60,
    "worker_hijack_root_logger": False,
}

app = Celery("measure")
app.conf.update(SETTINGS)


@app.task(name="call")
def call(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    """Return ``function(*arguments)``."""
    return function(*arguments)


@app.task(name="call_batch")
def call_batch(function: Callable[[Any], Any], arguments: list[Any]) -> list[Any]:
    """Return the function's results for a batch of arguments."""
    return [function(argument) for argument in arguments]


@app.task(name="call_unanswered", ignore_result=True)
def call_unanswered(function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    """Call the function; nobody learns the result."""
    function(*arguments)


@app.task(name="die_once", acks_late=True, reject_on_worker_lost=True)
def die_once(folder: str) -> str:
    """Be killed at the first attempt, and answer at the second."""
    if leave(folder, "attempts") == 1:
        Path(folder, "pid").write_text(str(os.getpid()))
        os.kill(os.getpid(), signal.SIGKILL)
    return "recovered"
