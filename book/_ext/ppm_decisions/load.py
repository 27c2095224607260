"""Read and check decision trees: ``_data/decisions/<id>.toml``, one file a tree.

A mistake is one :class:`~ppm_register.load.Problem` with file, line and key, as in the register; a file with a mistake
is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ppm_register.load import Problem, did_you_mean, read_data
from ppm_register.toml_lines import line_of

FOLDER = "decisions"


@dataclass(frozen=True)
class Question:
    """A question; each answer leads to another question or to a verdict, by id."""

    id: str
    text: str
    answers: Mapping[str, str]


@dataclass(frozen=True)
class Verdict:
    """What to do: a title for the picture, a sentence, the systems it means and the sections that say why."""

    id: str
    title: str
    text: str
    systems: tuple[str, ...]
    sections: tuple[str, ...]


@dataclass(frozen=True)
class Tree:
    """One decision tree."""

    path: Path
    data: dict[str, Any]
    lines: dict[tuple[str, ...], int]

    @property
    def id(self) -> str:
        """The id, which is the file's name."""
        return self.data["id"]

    @property
    def start(self) -> Question:
        """The question at the root."""
        return self.questions[self.data["start"]]

    @property
    def questions(self) -> dict[str, Question]:
        """The questions by id."""
        return {name: Question(name, item["text"], item["answers"]) for name, item in self.data["questions"].items()}

    @property
    def verdicts(self) -> dict[str, Verdict]:
        """The verdicts by id."""
        return {
            name: Verdict(name, item["title"], item["text"], tuple(item.get("systems", ())), tuple(item["sections"]))
            for name, item in self.data["verdicts"].items()
        }

    def ordered(self) -> list[Question]:
        """Return the questions in the order in which the list asks them: each before those that it leads to."""
        questions, found, waiting = self.questions, [], [self.data["start"]]
        while waiting:
            found.append(questions[waiting.pop()])
            waiting += [name for name in reversed(found[-1].answers.values()) if name in questions]
        return found

    def line(self, *keys: object) -> int:
        """Return the line of a key path, such as ``("verdicts", "threads", "text")``."""
        return line_of(self.lines, keys)


def load(root: Path, systems: Iterable[str]) -> tuple[dict[str, Tree], list[Problem]]:
    """Read the trees below a ``_data`` folder, by id; *systems* are the ids of those that have a chapter."""
    trees, problems = {}, []
    for path in sorted((root / FOLDER).glob("*.toml")):
        data, lines, found = read_data(path, "decisions")
        if not found:
            tree = Tree(path, data, lines)
            found = list(_check(tree, set(systems)))
            if not found:
                trees[tree.id] = tree
        problems += found
    return trees, problems


def _check(tree: Tree, systems: set[str]) -> Iterator[Problem]:
    """Yield what a schema cannot say: that all of it hangs together."""

    def problem(message: str, *keys: object) -> Problem:
        return Problem(tree.path, tree.line(*keys), message)

    questions, verdicts, start = tree.questions, tree.verdicts, tree.data["start"]
    if tree.id != tree.path.stem:
        yield problem(f"id {tree.id!r} must be the file's name, {tree.path.stem!r}", "id")
    for name in questions.keys() & verdicts.keys():
        yield problem(f"verdicts.{name}: a question has this id too", "verdicts", name)
    if start not in questions:
        yield problem(f"start: no question {start!r}{did_you_mean(start, questions)}", "start")
        return
    targets = Counter({start: 1})
    for question in questions.values():
        for answer, target in question.answers.items():
            keys = ("questions", question.id, "answers", answer)
            targets[target] += 1
            if target not in questions and target not in verdicts:
                hint = did_you_mean(target, [*questions, *verdicts])
                yield problem(f"{'.'.join(keys)}: no question and no verdict {target!r}{hint}", *keys)
            elif target in questions and targets[target] > 1:
                yield problem(f"{'.'.join(keys)}: question {target!r} is asked already, and a tree has no joins", *keys)
    for kind, items in (("questions", questions), ("verdicts", verdicts)):
        for name in items:
            if not targets[name]:
                yield problem(f"{kind}.{name}: no answer leads here", kind, name)
    for verdict in verdicts.values():
        for system in verdict.systems:
            if system not in systems:
                keys = ("verdicts", verdict.id, "systems")
                yield problem(f"{'.'.join(keys)}: unknown system {system!r}{did_you_mean(system, systems)}", *keys)
