"""Trap: a result is published to the caller, and Redis cuts off a subscriber for whom more than 32 MB wait."""

from __future__ import annotations

from redis import Redis

from examples.celery.connect_app import app


# region task
@app.task(name="repeat")
def repeat(size: int) -> str:
    """Return a text of *size* letters."""
    return "x" * size


def count_cuts(redis: Redis) -> int:
    """Return how often the server closed a connection because too much waited for it."""
    return redis.info("stats")["client_output_buffer_limit_disconnections"]


# endregion task
