"""The directive ``{decision-tree} id``: a figure and the same tree as a nested list."""

from __future__ import annotations

import os
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from ppm_data_text import DataDirective
from ppm_diagrams import STYLE, Uml
from ppm_register.domain import domain_of
from ppm_register.load import did_you_mean
from sphinx.util import logging

from .draw import alternative, puml
from .load import FOLDER, Question, Tree, Verdict, load

logger = logging.getLogger(__name__)


class DecisionTree(DataDirective):
    """A tree of ``_data/decisions``; the texts of its verdicts are Markdown with the book's roles."""

    has_content = False
    required_arguments = 1
    option_spec = {"caption": directives.unchanged_required, "name": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        """Return the figure and the list, or nothing after an error."""
        root = Path(self.env.srcdir) / "_data"
        register = domain_of(self.env).register
        trees, problems = load(root, register.systems)
        name = self.arguments[0]
        self.env.note_dependency(str(root / FOLDER / f"{name}.toml"))
        if name not in trees:
            broken = any(problem.path.stem == name for problem in problems)
            why = f"the data of {name!r} has errors, reported above" if broken else f"unknown tree {name!r}"
            logger.error(
                "{decision-tree}: %s%s",
                why,
                "" if broken else did_you_mean(name, trees),
                location=self.get_location(),
                type="ppm",
            )
            return []
        tree = trees[name]
        for system in {system for verdict in tree.verdicts.values() for system in verdict.systems}:
            domain_of(self.env).note_shown(system)
        return [*self.figure(tree), self.listing(tree)]

    def figure(self, tree: Tree) -> list[nodes.Node]:
        """Draw the tree with the book's own directive for diagrams, which wants a file: it lies beside the doctrees."""
        names = {system.id: system.name for system in domain_of(self.env).register.systems.values()}
        path = Path(self.env.doctreedir) / FOLDER / f"{tree.id}.puml"
        _write(path, puml(tree, STYLE / "book.puml", names))
        # A leading slash: relative to the source folder.
        argument = "/" + os.path.relpath(path, self.env.srcdir).replace(os.sep, "/")
        options = self.options | {"alt": alternative(tree)}
        place = (self.lineno, self.content_offset, "", self.state, self.state_machine)
        return Uml("uml", [argument], options, StringList(), *place).run()

    def listing(self, tree: Tree) -> nodes.bullet_list:
        """Write the tree as a list: the first question, its answers below it, and so on."""
        with self.reading(tree.path):
            listing = nodes.bullet_list(bullet="*", classes=["decision-tree"])
            listing += nodes.list_item("", *self.question(tree, tree.start, told=set()))
        self.set_source_info(listing)
        return listing

    def question(self, tree: Tree, question: Question, told: set[str]) -> list[nodes.Node]:
        """Return a question and the list of its answers; *told* are the verdicts that were given in full."""
        answers = nodes.bullet_list(bullet="*")
        questions, verdicts = tree.questions, tree.verdicts
        for answer, target in question.answers.items():
            lead = [nodes.emphasis("", answer[:1].upper() + answer[1:]), nodes.Text(": ")]
            if target in questions:
                first, *rest = self.question(tree, questions[target], told)
                first[:0] = lead
                answers += nodes.list_item("", first, *rest)
            else:
                text = self.verdict(tree, verdicts[target], target in told)
                told.add(target)
                answers += nodes.list_item("", nodes.paragraph("", "", *lead, *text))
        return [nodes.paragraph("", "", nodes.Text(question.text)), answers]

    def verdict(self, tree: Tree, verdict: Verdict, told: bool) -> list[nodes.Node]:
        """Return a verdict in full, or its title where it stands further up already."""
        title = nodes.strong("", f"{verdict.title}.")
        if told:
            return [title, nodes.Text(" See above.")]
        keys = ("verdicts", verdict.id)
        text = self.inline(verdict.text, tree.line(*keys, "text"))
        shown = [title, nodes.Text(" "), *text]
        if verdict.systems:
            references = self.inline(_references(verdict.systems), tree.line(*keys, "systems"))
            shown += [nodes.Text(" Chapter: "), *references, nodes.Text(".")]
        references = self.inline(_references(verdict.sections), tree.line(*keys, "sections"))
        return [*shown, nodes.Text(" Why: "), *references, nodes.Text(".")]


def _references(labels: tuple[str, ...]) -> str:
    return ", ".join(f"{{ref}}`{label}`" for label in labels)


def _write(path: Path, text: str) -> None:
    """Write *text* whole, and only where it differs: what did not change makes no page outdated."""
    if path.exists() and path.read_text("utf8") == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}")
    part.write_text(text, "utf8")
    part.replace(path)
