"""What a system's ``measure.py`` provides, and how the harness finds it."""

from __future__ import annotations

import importlib
from collections.abc import Callable
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
