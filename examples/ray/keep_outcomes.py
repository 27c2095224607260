"""One outcome an item, in the order of the items: a result or the reason why there is none."""

import os
from typing import Any

import ray


# region outcomes
def outcomes(task: Any, shared: Any, items: list[Any]) -> list[Any]:
    """Run ``task(shared, item)`` for each item; an error stands where its result would.

    *shared* is stored once and passed by reference, whatever its size.
    """
    reference = ray.put(shared)
    pending = [task.remote(reference, item) for item in items]
    results: list[Any] = []
    for outcome in pending:
        try:
            results.append(ray.get(outcome))
        except ray.exceptions.RayError as error:
            results.append(error)
    return results


# endregion outcomes


# region task
@ray.remote(max_retries=0)
def archive(config: dict[str, Any], stem: str) -> str:
    """Stand in for zipping a stem's files; the stem ``crash`` ends the process."""
    if stem == "crash":
        os._exit(1)
    return f"{stem}.zip: {len(config['files'][stem])} files"


# endregion task
