"""Draw a decision tree as PlantUML, and say in words what the picture shows."""

from __future__ import annotations

import textwrap
from pathlib import Path

from .load import Tree

#: Characters in a line of a box, and of the text at an arrow.
BOX, ARROW = 20, 14


def puml(tree: Tree, style: Path, names: dict[str, str]) -> str:
    """Return the diagram: questions as control, verdicts as workers, or as the reader's code where no system is meant.

    *style* is the file that every diagram includes, *names* gives the systems as they are written in prose.
    """
    # Boxes stand close, so that a tree of ten verdicts fits the width of a page.
    lines = ["@startuml", f"!include {style}", "skinparam nodesep 18", "skinparam ranksep 28", ""]
    for question in tree.ordered():
        lines.append(f'rectangle "{_wrap(question.text, BOX)}" as {_alias(question.id)} <<control>>')
    for verdict in tree.verdicts.values():
        systems = _wrap(" or ".join(names.get(system, system) for system in verdict.systems), BOX)
        text = _wrap(verdict.title, BOX, bold=True) + (f"\\n{systems}" if systems else "")
        kind = "worker" if verdict.systems else "yours"
        lines.append(f'rectangle "{text}" as {_alias(verdict.id)} <<{kind}>>')
    lines.append("")
    for question in tree.ordered():
        for answer, target in question.answers.items():
            lines.append(f"{_alias(question.id)} --> {_alias(target)} : {_wrap(answer, ARROW)}")
    return "\n".join([*lines, "@enduml", ""])


def alternative(tree: Tree) -> str:
    """Return the tree as sentences, for those who cannot see the picture."""
    questions, verdicts = tree.ordered(), tree.verdicts
    numbers = {question.id: number for number, question in enumerate(questions, 1)}
    sentences = [f"A decision tree with {len(questions)} questions and {len(verdicts)} verdicts."]
    for question in questions:
        answers = [
            f"{answer}: {f'question {numbers[target]}' if target in numbers else verdicts[target].title}"
            for answer, target in question.answers.items()
        ]
        sentences.append(f"Question {numbers[question.id]}: {question.text} {'; '.join(answers)}.")
    return " ".join(sentences)


def _alias(name: str) -> str:
    return f"n_{name.replace('-', '_')}"


def _wrap(text: str, width: int, bold: bool = False) -> str:
    """Break *text* into lines; Creole's bold ends with its line, so each line has its own."""
    lines = textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)
    return "\\n".join(f"**{line}**" if bold else line for line in lines)
