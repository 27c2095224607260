"""One outcome an item, in the order of the items: a result, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from pyspark import SparkContext


# region outcomes
def outcomes(context: SparkContext, task: Callable[[Any], Any], items: list[Any]) -> list[tuple[Any, str | None]]:
    """Run *task* for each item; an exception is an answer and not a failure of the job."""
    return context.parallelize(items, len(items)).map(partial(attempt, task)).collect()


def attempt(task: Callable[[Any], Any], item: Any) -> tuple[Any, str | None]:
    """Return the result and no error, or no result and the error."""
    try:
        return task(item), None
    except Exception as error:  # whatever it is, the other items must not run again for it
        return None, f"{type(error).__name__}: {error}"


# endregion outcomes
