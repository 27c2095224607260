"""Adapters for the measuring harness: the executors of ``concurrent.futures``.

They are imported in the methods, not here: the harness times their import in a fresh interpreter.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

#: Items in one sample of the probe that batches them, and items in a batch.
ITEMS, BATCH = 10_000, 100


class Executor:
    """What all executors have in common: one lives from start to stop, and is asked in the same words."""

    system = "concurrent-futures"
    packages = ()

    def __init__(self) -> None:
        self.executor: Any = None

    def start(self, workers: int, home: Path) -> None:
        """Make the executor; its workers start with the first tasks, as they do for a reader."""
        self.executor = self._make(workers)

    def stop(self) -> None:
        """Drop what waits, let what runs end, and end the workers."""
        if self.executor is not None:
            self.executor.shutdown(wait=True, cancel_futures=True)
            self.executor = None

    def one(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Submit one task and wait for its result."""
        return self.executor.submit(function, *arguments).result()

    def many(self, function: Callable[[Any], Any], arguments: list[Any]) -> list[Any]:
        """Map the function over the arguments."""
        return list(self.executor.map(function, arguments))

    def _make(self, workers: int) -> Any:
        raise NotImplementedError


class Adapter(Executor):
    """A ``ProcessPoolExecutor``; ``map`` sends one task a message."""

    import_name = "concurrent.futures.process"

    @staticmethod
    def settings() -> dict[str, str]:
        """Return what a reader must know to take the same measurement: how the processes are started."""
        import multiprocessing

        return {"start_method": multiprocessing.get_start_method()}

    def shared(self, payload: bytes) -> AbstractContextManager[Callable[[], int]]:
        """Place *payload* in ``multiprocessing.shared_memory``; the worker attaches to it by name."""
        from examples.measure.shared import shared_memory

        return shared_memory(self.one, payload)

    def extra(self) -> dict[str, tuple[str, Callable[[], float]]]:
        """Return the cost per item when ``map`` is told to send a hundred of them in a message."""
        return {"task_cost.batched": ("s", self._batched)}

    def _make(self, workers: int) -> Any:
        from concurrent.futures import ProcessPoolExecutor

        return ProcessPoolExecutor(workers)

    def _batched(self) -> float:
        from examples.measure.tasks import nothing

        began = time.perf_counter()
        for _ in self.executor.map(nothing, range(ITEMS), chunksize=BATCH):
            pass
        return (time.perf_counter() - began) / ITEMS


class ThreadAdapter(Executor):
    """A ``ThreadPoolExecutor``: nothing is pickled, and pure Python code takes turns under the GIL."""

    import_name = "concurrent.futures.thread"

    @contextmanager
    def shared(self, payload: bytes) -> Iterator[Callable[[], int]]:
        """Hand the object itself to the thread, which shares this process's memory."""
        from examples.measure.shared import touch

        yield lambda: self.one(touch, payload)

    def _make(self, workers: int) -> Any:
        from concurrent.futures import ThreadPoolExecutor

        return ThreadPoolExecutor(workers)


class InterpreterAdapter(Executor):
    """An ``InterpreterPoolExecutor``, from Python 3.14: threads with an interpreter and a GIL each."""

    import_name = "concurrent.futures.interpreter"

    def _make(self, workers: int) -> Any:
        from concurrent.futures import InterpreterPoolExecutor

        return InterpreterPoolExecutor(workers)


VARIANTS = {"": Adapter, "threads": ThreadAdapter}
if sys.version_info >= (3, 14):
    VARIANTS["interpreters"] = InterpreterAdapter
