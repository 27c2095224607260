"""Adapter for the measuring harness: the distributed scheduler with two processes, and the threaded one.

``distributed`` is imported where it is needed: the harness times that import.
"""

from __future__ import annotations

import os
import signal
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from examples.measure.tasks import length, nothing

#: Items that a probe runs in batches, and items in a batch.
ITEMS, BATCH = 10_000, 100

MEGABYTES_100 = 10**8

#: Seconds that a reader's scheduler has to answer.
PATIENCE = 15

#: What a scheduler and its workers must be able to run.
IMPORT = "import examples.measure.tasks, examples.measure.shared"

Probes = dict[str, tuple[str, Callable[[], float]]]


class Adapter:
    """A ``LocalCluster`` of single-threaded processes, used through futures."""

    system = "dask"
    packages = ("dask", "distributed")
    import_name = "distributed"
    address_option = "--dask-address"
    address_variable = "DASK_SCHEDULER_ADDRESS"

    def __init__(self) -> None:
        self._client: Any = None
        self._cluster: Any = None
        self._config: Any = None

    def start(self, workers: int, home: Path) -> None:
        """Start scheduler, nannies and workers; worker files stand under *home*."""
        import dask
        from distributed import Client, LocalCluster

        _hush()
        self._config = dask.config.set({"temporary-directory": str(home)})
        self._cluster = LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None)
        # Not the default: the threaded variant runs in this process too, and would warn at every compute.
        self._client = Client(self._cluster, set_as_default=False)
        self._client.wait_for_workers(workers)
        self._workers = workers

    def connect(self, address: str, home: Path) -> int:
        """Connect to the scheduler at *address* and return how many tasks its workers run at once.

        Raises :class:`ConnectionError` when nothing answers there, when the scheduler has no worker, and when a worker
        cannot import the probes' tasks.
        """
        from distributed import Client
        from distributed.comm import get_address_host

        _hush()
        try:
            get_address_host(address)  # a client that was made for an address without sense hangs when it is closed
            self._client = Client(address, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError) as error:  # a timeout is an OSError
            raise ConnectionError(f"dask: no scheduler answers at {address!r}: {error}") from error
        try:
            threads = self._client.nthreads()
            if not threads:
                raise ConnectionError(f"dask: the scheduler at {address!r} has no workers")
            # The scheduler unpickles tasks too; and a worker that cannot unpickle one answers nothing at all.
            self._client.run_on_scheduler(exec, IMPORT)
            self._client.run(exec, IMPORT)
        except ConnectionError:
            self.stop()
            raise
        except Exception as error:
            self.stop()
            raise ConnectionError(
                f"dask: scheduler and workers of {address!r} cannot run the probes' tasks; they must run this Python, "
                "have these packages, and import `examples` (start them with the repository's root in PYTHONPATH): "
                f"{error}"
            ) from error
        self._workers = sum(threads.values())
        return self._workers

    def stop(self) -> None:
        """Close the client, the cluster if it was started here, and put the configuration back."""
        if self._client is not None:
            self._client.close()
        if self._cluster is not None:
            self._cluster.close()
        if self._config is not None:
            self._config.__exit__(None, None, None)
        self._client = self._cluster = self._config = None

    def one(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Submit one future and wait for its result; ``pure=False`` so that nothing is answered from memory."""
        return self._client.submit(function, *arguments, pure=False).result()

    def many(self, function: Callable[[Any], Any], arguments: list[Any]) -> list[Any]:
        """Map the function over the arguments, a task each, and gather."""
        return self._client.gather(self._client.map(function, arguments, pure=False))

    def stencil(self, function: Callable[..., Any], argument: Any, width: int, steps: int) -> list[Any]:
        """Submit every cell at once, with the futures of the row before as arguments, and gather the last row."""
        row = [self._client.submit(function, argument, pure=False) for _ in range(width)]
        for _ in range(steps - 1):
            row = [
                self._client.submit(function, argument, *row[max(0, cell - 1) : cell + 2], pure=False)
                for cell in range(width)
            ]
        return self._client.gather(row)

    @contextmanager
    def shared(self, payload: bytes) -> Iterator[Callable[[], int]]:
        """Scatter *payload* to a worker; the task that needs it runs there."""
        from examples.measure.shared import touch

        future = self._client.scatter(payload, hash=False)
        try:
            yield lambda: self.one(touch, future)
        finally:
            future.release()

    def extra(self) -> Probes:
        """Probes of this system alone; none that kills a worker where the cluster is the reader's."""
        probes = {
            "task_cost.batched": ("s", self._batched),
            "task_cost.delayed": ("s", self._delayed),
            "scatter.100MB": ("s", self._scatter),
            "scatter.use.100MB": ("s", self._use_scattered),
        }
        if len(self._client.nthreads()) > 1:
            probes["transfer.100MB"] = ("s", self._transfer)
        if self._cluster is not None:
            probes["recovery.killed_worker"] = ("s", self._recover)
        return probes

    def _batched(self) -> float:
        """Seconds an item when a task runs a hundred items."""
        return _seconds(lambda: self.many(run_batch, _batches())) / ITEMS

    def _delayed(self) -> float:
        """Seconds a task when one graph of delayed calls is computed on the cluster."""
        from dask import delayed

        def compute() -> None:
            calls = [delayed(nothing, pure=False)(number) for number in range(1_000)]
            self._client.gather(self._client.compute(calls))

        return _seconds(compute) / 1_000

    def _scatter(self) -> float:
        """Seconds to send 100 MB to a worker."""
        payload = os.urandom(MEGABYTES_100)
        return _seconds(lambda: self._client.scatter(payload, hash=False))

    def _use_scattered(self) -> float:
        """Seconds of a task that is given 100 MB which its worker already holds."""
        future = self._client.scatter(os.urandom(MEGABYTES_100), hash=False)
        return _seconds(lambda: self.one(length, future))

    def _transfer(self) -> float:
        """Seconds of a task whose 100 MB lie with the other worker."""
        here, there = sorted(self._client.scheduler_info()["workers"])[:2]
        future = self._client.scatter(os.urandom(MEGABYTES_100), hash=False, workers=[here])
        run = lambda: self._client.submit(length, future, pure=False, workers=[there]).result()  # noqa: E731
        return _seconds(run)

    def _recover(self) -> float:
        """Seconds from the death of the only worker that holds a result to the result of a task that needs it."""
        future = self._client.submit(nothing, 1, pure=False)
        future.result()
        (holder,) = self._client.who_has(future)[future.key]
        (process,) = self._client.run(os.getpid, workers=[holder]).values()

        def recover() -> None:
            os.kill(process, signal.SIGKILL)
            # Until the scheduler has seen the death, the future still counts as finished.
            while holder in self._cluster.scheduler.workers:
                time.sleep(0.001)
            self._client.submit(nothing, future, pure=False).result()

        taken = _seconds(recover)
        self._client.wait_for_workers(self._workers)
        return taken


class ThreadedSchedulerAdapter:
    """``dask.delayed`` on the threaded scheduler: one process, no server, what runs when no client exists."""

    system = "dask"
    packages = ("dask",)
    import_name = "dask.delayed"

    def start(self, workers: int, home: Path) -> None:
        """Keep the number of threads: this scheduler has nothing to start."""
        self._settings = {"scheduler": "threads", "num_workers": workers}

    def stop(self) -> None:
        """Do nothing: Dask keeps its pool of threads until the interpreter ends."""

    def one(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Compute a graph of one task."""
        from dask import delayed

        return delayed(function, pure=False)(*arguments).compute(**self._settings)

    def many(self, function: Callable[[Any], Any], arguments: list[Any]) -> list[Any]:
        """Compute one graph with a task an argument."""
        from dask import compute, delayed

        call = delayed(function, pure=False)
        return list(compute(*[call(argument) for argument in arguments], **self._settings))

    def stencil(self, function: Callable[..., Any], argument: Any, width: int, steps: int) -> list[Any]:
        """Compute one graph of delayed calls, each with those of the row before as arguments."""
        from dask import compute, delayed

        call = delayed(function, pure=False)
        row = [call(argument) for _ in range(width)]
        for _ in range(steps - 1):
            row = [call(argument, *row[max(0, cell - 1) : cell + 2]) for cell in range(width)]
        return list(compute(*row, **self._settings))

    @contextmanager
    def shared(self, payload: bytes) -> Iterator[Callable[[], int]]:
        """Hand the object itself to the thread, which shares this process's memory."""
        from examples.measure.shared import touch

        yield lambda: self.one(touch, payload)

    def extra(self) -> Probes:
        """Probes of this scheduler alone."""
        return {"task_cost.batched": ("s", self._batched), "task_cost.graph": ("s", self._graph)}

    def _batched(self) -> float:
        """Seconds an item when a task runs a hundred items."""
        return _seconds(lambda: self.many(run_batch, _batches())) / ITEMS

    def _graph(self) -> float:
        """Seconds a task when the graph exists already and goes straight to the scheduler."""
        from dask import threaded

        graph = {f"nothing-{number}": (nothing, number) for number in range(1_000)}
        threads = self._settings["num_workers"]
        return _seconds(lambda: threaded.get(graph, list(graph), num_workers=threads)) / len(graph)


def run_batch(batch: list[int]) -> list[None]:
    """Run the empty task for each item of a batch."""
    return [nothing(item) for item in batch]


def _hush() -> None:
    """Silence two warnings: the payload probes embed large arguments on purpose, and others may hold port 8787."""
    warnings.filterwarnings("ignore", message="Sending large graph")
    warnings.filterwarnings("ignore", message="Port .* is already in use")


def _batches() -> list[list[int]]:
    return [list(range(start, start + BATCH)) for start in range(0, ITEMS, BATCH)]


def _seconds(call: Callable[[], Any]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


VARIANTS = {"": Adapter, "threads": ThreadedSchedulerAdapter}
