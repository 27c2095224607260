"""What a system's ``measure.py`` provides, and how the harness finds it.

An adapter is a few lines: how to start the engine, give it one task, give it many, and stop it.
The probes do the rest.  Methods below the required ones are for engines that have such a thing; the probes that need
one skip an adapter without it.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol


class Adapter(Protocol):
    """One way to run work in a system; ``VARIANTS`` in its module maps a variant's name to its class.

    The default variant has the name ``""``; the probes of another carry its name as a prefix.
    """

    #: Id of the system.
    system: str
    #: Distributions whose versions and weight are recorded.
    packages: tuple[str, ...]
    #: Module whose import is timed.
    import_name: str

    def start(self, workers: int, home: Path) -> None:
        """Make the engine ready for work with *workers* workers and its files under *home*."""

    def stop(self) -> None:
        """Stop the engine and every process of it."""

    def one(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Submit one task, wait for it and return its result."""

    def many(self, function: Callable[[Any], Any], arguments: list[Any]) -> list[Any]:
        """Run ``function(argument)`` for each of *arguments* with the system's usual settings, results in order."""


class Reachable(Adapter, Protocol):
    """An adapter that can also work on a cluster that is there already."""

    #: Command line option and environment variable that give the address, such as ``--dask-address``.
    address_option: str
    address_variable: str

    def connect(self, address: str, home: Path) -> int:
        """Connect to the cluster at *address*, instead of :meth:`start`, and return the number of its workers.

        :meth:`stop` then disconnects and leaves the cluster running.  Raises :class:`ConnectionError`.
        """


class Dependent(Adapter, Protocol):
    """An adapter of an engine whose tasks can take the results of other tasks without a round trip."""

    def stencil(self, function: Callable[..., Any], argument: Any, width: int, steps: int) -> list[Any]:
        """Run a one-dimensional stencil and return the results of its last row.

        Task *i* of a row is ``function(argument, *results)`` with the results of tasks *i*-1, *i* and *i*+1 of the row
        before, where they exist; the tasks of the first row get none.
        """


class Sharing(Adapter, Protocol):
    """An adapter of an engine that can hand large data to tasks other than as an argument."""

    def shared(self, payload: bytes) -> AbstractContextManager[Callable[[], int]]:
        """Place *payload* where workers see it; in the block, the callable runs one task that returns its length."""


class Special(Adapter, Protocol):
    """An adapter with probes that only this system can have."""

    #: Names of the modules in :mod:`examples.measure.probes` that are run; without it all are.  ``("extra",)`` is for a
    #: subject that is no engine, of which the others would measure what belongs to the engine that it uses.
    modules: tuple[str, ...]

    def extra(self) -> dict[str, tuple[str, Callable[[], float]]]:
        """Return probes of this system alone: name → (unit, function that returns one sample)."""


def variants(system: str) -> dict[str, type[Adapter]]:
    """Return the adapters of *system* by variant.

    Raises :class:`LookupError` when the system has none.
    """
    name = f"examples.{system.replace('-', '_')}.measure"
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name and name.startswith(error.name):
            raise LookupError(f"no adapter for system {system!r}: {name} does not exist") from None
        raise
    return module.VARIANTS
