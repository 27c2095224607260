"""Adapter for the measuring harness: one local Ray with as many logical CPUs as workers.

Ray is imported in the methods, not here: the harness times its import in a fresh interpreter.
"""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

#: Tasks in one sample of the probes of cost per task, and items in a batch.
STREAM_TASKS, LOOPED_TASKS, BATCH = 1_000, 200, 100
#: Items in one sample of the batched probe: as many tasks as are worth timing.
BATCHED_ITEMS = 100_000
#: Numbers in the array that is stored or sent (100 MB), and in the one that several tasks receive (10 MB).
LARGE, SHARED, SHARED_TASKS = 12_500_000, 1_250_000, 8
#: Seconds that a reader's cluster has to accept a connection, and to run the first task.
CONNECTION, PATIENCE = 10, 60


class Adapter:
    """``ray.init`` on this machine without dashboard, logs or usage statistics."""

    system = "ray"
    packages = ("ray",)
    import_name = "ray"
    address_option = "--ray-address"
    address_variable = "RAY_ADDRESS"

    def __init__(self) -> None:
        self.folder = ""
        self.remote: dict[Callable[..., Any], Any] = {}

    def start(self, workers: int, home: Path) -> None:
        """Start Ray with *workers* logical CPUs."""
        import ray

        os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
        # A token in the environment keeps Ray from writing one to the user's home.
        os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(32))
        # Not below *home*: the paths of Ray's sockets may have 107 bytes, and Ray adds about 65 of them.
        self.folder = tempfile.mkdtemp(prefix="ray-", dir="/tmp" if os.name == "posix" else None)
        ray.init(
            "local",  # a cluster of its own, even where RAY_ADDRESS names another
            num_cpus=workers,
            include_dashboard=False,
            log_to_driver=False,
            logging_level="ERROR",
            _temp_dir=self.folder,
        )

    def connect(self, address: str, home: Path) -> int:
        """Connect to the cluster at *address* (``host:port`` or ``ray://host:port``) and return the number of its CPUs.

        A cluster that asks for a token needs ``RAY_AUTH_MODE=token``, and the token in ``RAY_AUTH_TOKEN`` or in
        ``~/.ray/auth_token``, as for any program.
        Raises :class:`ConnectionError` when nothing answers there, when the cluster has no CPU, and when its workers
        cannot import the probes' tasks.
        """
        import ray

        from examples.measure.tasks import add

        try:
            _reach(address)
            ray.init(address, log_to_driver=False, logging_level="ERROR")
        except (OSError, RuntimeError, ValueError) as error:  # a ConnectionError is an OSError
            hint = " (one that asks for a token needs RAY_AUTH_MODE=token and RAY_AUTH_TOKEN)"
            raise ConnectionError(f"ray: no cluster answers at {address!r}: {error}{hint}") from error
        try:
            workers = int(ray.cluster_resources().get("CPU", 0))
            if not workers:
                raise ConnectionError(f"ray: the cluster at {address!r} has no CPU to run tasks")
            if ray.get(self._remote(add).remote(20, 22), timeout=PATIENCE) != 42:
                raise ConnectionError(f"ray: the cluster at {address!r} gave a wrong answer")
        except ConnectionError:
            self.stop()
            raise
        except Exception as error:
            self.stop()
            raise ConnectionError(
                f"ray: the workers of {address!r} cannot run the probes' tasks; they must run this Python, have these "
                "packages, and import `examples` (start Ray with the repository's root in PYTHONPATH): "
                f"{type(error).__name__}"
            ) from error
        return workers

    def stop(self) -> None:
        """Stop every process of Ray and remove its session; of a cluster that was there before, only leave it."""
        import ray

        self.remote.clear()
        ray.shutdown()
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder = ""

    def one(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Run one task and return its result."""
        import ray

        return ray.get(self._remote(function).remote(*arguments))

    def many(self, function: Callable[[Any], Any], arguments: list[Any]) -> list[Any]:
        """Submit one task an argument, wait once, return the results in order."""
        import ray

        task = self._remote(function)
        return ray.get([task.remote(argument) for argument in arguments])

    def stencil(self, function: Callable[..., Any], argument: Any, width: int, steps: int) -> list[Any]:
        """Submit every cell at once, with the references of the row before as arguments, and get the last row."""
        import ray

        task = self._remote(function)
        row = [task.remote(argument) for _ in range(width)]
        for _ in range(steps - 1):
            row = [task.remote(argument, *row[max(0, cell - 1) : cell + 2]) for cell in range(width)]
        return ray.get(row)

    @contextmanager
    def shared(self, payload: bytes) -> Iterator[Callable[[], int]]:
        """Put *payload* into the object store as an array, which workers map; ``bytes`` would be copied each time."""
        import numpy
        import ray

        from examples.measure.shared import touch

        reference = ray.put(numpy.frombuffer(payload, numpy.uint8))
        yield lambda: self.one(touch, reference)

    def extra(self) -> dict[str, tuple[str, Callable[[], float]]]:
        """Return what only Ray has: batching by hand, actors and the object store."""
        import numpy
        import ray

        values = [float(value) for value in range(BATCHED_ITEMS)]
        batches = [values[start : start + BATCH] for start in range(0, len(values), BATCH)]
        large = numpy.ones(LARGE)
        shared = numpy.ones(SHARED)
        actor = ray.remote(num_cpus=0)(Echo).remote()

        def call_actor() -> float:
            for _ in range(10):  # as a round trip of a task is warmed
                ray.get(actor.call.remote())
            return _seconds(lambda: ray.get(actor.call.remote()))

        stored = ray.put(large)

        def looped() -> float:
            task = self._remote(identity)
            return _seconds(lambda: [ray.get(task.remote(number)) for number in range(LOOPED_TASKS)]) / LOOPED_TASKS

        def shared_with_tasks(argument: Callable[[], Any]) -> float:
            task = self._remote(total)

            def send() -> None:
                value = argument()
                ray.get([task.remote(value) for _ in range(SHARED_TASKS)])

            return _seconds(send)

        return {
            "task_cost.unbatched": (
                "s",
                lambda: _seconds(lambda: self.many(identity, values[:STREAM_TASKS])) / STREAM_TASKS,
            ),
            "task_cost.batched": ("s", lambda: _seconds(lambda: self.many(identities, batches)) / BATCHED_ITEMS),
            "task_cost.looped": ("s", looped),
            "actor.roundtrip": ("s", call_actor),
            "put.100MB": ("s", lambda: _seconds(lambda: ray.put(large))),
            "get.100MB": ("s", lambda: _seconds(lambda: ray.get(stored))),
            "array.by_value": ("s", lambda: shared_with_tasks(lambda: shared)),
            "array.by_reference": ("s", lambda: shared_with_tasks(lambda: ray.put(shared))),
        }

    def _remote(self, function: Callable[..., Any]) -> Any:
        """Return the remote function of *function*, the same one each time: each new one is pickled and sent again."""
        import ray

        if function not in self.remote:
            self.remote[function] = ray.remote(function)
        return self.remote[function]


class Echo:
    """The smallest actor."""

    def call(self) -> None:
        """Do nothing."""


VARIANTS = {"": Adapter}


def identity(value: float) -> float:
    """Return *value*: the least that a task can do with an argument."""
    return value


def identities(values: list[float]) -> list[float]:
    """Return each of *values*."""
    return [identity(value) for value in values]


def total(array: Any) -> float:
    """Return the sum of *array*."""
    return float(array.sum())


def _reach(address: str) -> None:
    """Raise :class:`OSError` or :class:`ValueError` when nothing listens at *address*: Ray would try for minutes."""
    parts = urlsplit(address if "//" in address else f"//{address}")
    if address != "auto":  # the cluster that runs on this machine
        if not parts.hostname or not parts.port:
            raise ValueError("an address is host:port or ray://host:port")
        socket.create_connection((parts.hostname, parts.port), CONNECTION).close()


def _seconds(call: Callable[[], Any]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began
