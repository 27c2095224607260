"""Trap: a result is published to the caller, and Redis cuts off a subscriber for whom more than 32 MB wait."""

from __future__ import annotations

from redis import ConnectionError, Redis

from examples.celery.connect_app import app


# region task
@app.task(name="repeat")
def repeat(size: int) -> str:
    """Return a text of *size* letters."""
    return "x" * size


# endregion task


# region delivers
def delivers(redis: Redis, size: int) -> bool:
    """Return whether a subscriber gets a message of *size* bytes, or is cut off."""
    with redis.pubsub() as caller:
        caller.subscribe("results")
        caller.get_message(timeout=10)  # the confirmation
        redis.publish("results", "x" * size)
        try:
            return caller.get_message(timeout=10) is not None
        except ConnectionError:
            return False


# endregion delivers
