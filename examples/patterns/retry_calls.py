"""Call a function again when it raises something transient, after a pause that grows and varies."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


# region retry
def retried(
    *transient: type[Exception],
    attempts: int = 4,
    base: float = 0.1,
    cap: float = 10.0,
    sleep: Callable[[float], object] = time.sleep,
    draw: Callable[[], float] = random.random,
) -> Callable[[Callable[Parameters, Result]], Callable[Parameters, Result]]:
    """Decorate a function that may run more than once with the same arguments.

    It is called up to *attempts* times while it raises one of *transient*; other exceptions pass at once.  The pause
    before the next call is a random part of *base* seconds, doubled with each attempt up to *cap*.
    """
    if attempts < 1:
        raise ValueError(f"attempts must be at least 1, not {attempts}")

    def decorate(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
        @wraps(function)
        def call(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
            longest = min(cap, base)
            for _ in range(attempts - 1):
                try:
                    return function(*args, **kwargs)
                except transient:
                    sleep(draw() * longest)
                    longest = min(cap, 2 * longest)
            try:
                return function(*args, **kwargs)
            except transient as error:
                error.add_note(f"attempt {attempts} of {attempts}")
                raise

        return call

    return decorate


# endregion retry
