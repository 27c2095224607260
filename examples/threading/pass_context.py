"""Start a thread that sees the context variables of the thread that starts it, on any version of Python."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable
from typing import Any

request = contextvars.ContextVar("request", default="none")


# region thread
def thread_with_context(target: Callable[..., Any], *arguments: Any) -> threading.Thread:
    """Return a thread that runs *target* in a copy of the caller's context."""
    context = contextvars.copy_context()
    return threading.Thread(target=context.run, args=(target, *arguments))


# endregion thread


def name_request(seen: list[str]) -> None:
    """Append what this thread sees."""
    seen.append(request.get())
