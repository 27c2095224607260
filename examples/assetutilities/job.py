"""What the jobs of this package have in common: inputs, and methods that give the same answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Method:
    """One way to do a job: a function that does one item, importable by name so that processes can run it."""

    function: Callable[[Any], Any]
    #: Makes the items from the job's inputs; what it does is part of the job and of its time.
    plan: Callable[[Any], list[Any]] = list
    #: Whether it gives the answer of the original; what does not is another product and is told apart.
    same_answer: bool = True

    def run(self, inputs: Any, run: Callable[[Callable[[Any], Any], list[Any]], list[Any]]) -> list[Any]:
        """Do the job; *run* applies the function to the items, in this process or in others, results in order."""
        return run(self.function, self.plan(inputs))


def one_by_one(function: Callable[[Any], Any], items: list[Any]) -> list[Any]:
    """Run *function* over *items* in this thread."""
    return [function(item) for item in items]
