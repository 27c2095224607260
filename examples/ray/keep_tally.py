"""An actor: state that lives in one worker process, and dies with it."""

import os

import ray


# region actor
@ray.remote
class Tally:
    """Count the inspected batches."""

    def __init__(self) -> None:
        self.batches = 0

    def add(self) -> int:
        """Count one more and return the total."""
        self.batches += 1
        return self.batches

    def crash(self) -> None:
        """End the process without ceremony."""
        os._exit(1)


# endregion actor
