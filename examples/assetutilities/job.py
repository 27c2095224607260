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


def compare(module: Any, inputs: Any) -> dict[str, bool]:
    """Return for each method of a job but the first, the original, whether it gives the original's answers."""
    answers = {
        name: [module.answer(result) for result in method.run(inputs, one_by_one)]
        for name, method in module.METHODS.items()
    }
    original, *others = answers
    return {name: answers[name] == answers[original] for name in others}
