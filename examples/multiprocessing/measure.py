"""Adapters for the measuring harness: ``multiprocessing.Pool`` with its own batches, and one task a message.

``multiprocessing`` is imported in the methods, not here: the harness times its import in a fresh interpreter.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any


class Adapter:
    """A ``Pool`` that lives from start to stop; ``map`` deals out about four batches a worker."""

    system = "multiprocessing"
    packages = ()
    import_name = "multiprocessing"
    #: Tasks in a batch; None leaves that to ``map``.
    chunksize: int | None = None

    def __init__(self) -> None:
        self.pool: Any = None

    def start(self, workers: int, home: Path) -> None:
        """Start the processes in this Python's own way: ``fork`` on Linux before 3.14, then ``forkserver``."""
        import multiprocessing

        self.workers = workers
        self.pool = multiprocessing.Pool(workers)

    def stop(self) -> None:
        """End the processes, whatever they do."""
        if self.pool is not None:
            self.pool.terminate()
            self.pool.join()
            self.pool = None

    @staticmethod
    def settings() -> dict[str, str]:
        """Return what a reader must know to take the same measurement: how the processes are started."""
        import multiprocessing

        return {"start_method": multiprocessing.get_start_method()}

    def one(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Run one task and return its result."""
        return self.pool.apply(function, arguments)

    def many(self, function: Callable[[Any], Any], arguments: list[Any]) -> list[Any]:
        """Map the function over the arguments."""
        return self.pool.map(function, arguments, self.chunksize)

    def shared(self, payload: bytes) -> AbstractContextManager[Callable[[], int]]:
        """Place *payload* in ``multiprocessing.shared_memory``; the worker attaches to it by name."""
        from examples.measure.shared import shared_memory

        return shared_memory(self.one, payload)

    def extra(self) -> dict[str, tuple[str, Callable[[], float]]]:
        """Return the start of a pool by each start method that this system has."""
        import multiprocessing

        from examples.multiprocessing.start_pool import in_fresh_interpreter

        return {
            f"start.{method}": ("s", lambda method=method: in_fresh_interpreter(method, self.workers))
            for method in multiprocessing.get_all_start_methods()
        }


class UnbatchedAdapter(Adapter):
    """The same pool with ``chunksize=1``: each task is a message of its own."""

    chunksize = 1

    def extra(self) -> dict[str, tuple[str, Callable[[], float]]]:
        """Return no probes of its own."""
        return {}


VARIANTS = {"": Adapter, "unbatched": UnbatchedAdapter}
