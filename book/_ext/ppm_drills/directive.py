"""The directive ``{drills}``: fault drills as a table, for one system or for one fault on every system."""

from __future__ import annotations

from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from ppm_data_text import DataDirective
from ppm_register.domain import domain_of
from ppm_register.load import Register, did_you_mean
from ppm_register.tables import build_table
from sphinx.util import logging

from .load import FOLDER, Drill, load

logger = logging.getLogger(__name__)
FAULTS = {
    "worker-killed": "Worker killed",
    "coordinator-killed": "Coordinator killed",
    "poison-task": "Poison task",
    "memory-exhausted": "Memory exhausted",
    "duplicated-delivery": "Effect repeated",
}
TIMES = {0: "zero", 1: "once", 2: "twice"}
#: Of the columns, in parts of the table's width.
WIDTHS = (4, 6, 3, 6, 7, 6)
HEADER = ("Setting", "Effects", "What the caller saw", "Documented", "What changes it")


def tell(effects: list[int]) -> str:
    """Write counts as words: ``[1]`` is once, ``[1, 2]`` once or twice, ``[1, 2, 3, 4]`` once to 4 times."""
    words = [TIMES.get(count, f"{count} times") for count in effects]
    if len(words) > 2 and effects == list(range(effects[0], effects[-1] + 1)):
        return f"{words[0]} to {words[-1]}"
    return " or ".join(words)


class Drills(DataDirective):
    """A table; its argument is a system, or ``:fault:`` chooses one fault of every system.

    A row begins with the fault on a system's page, and with the system where one fault is shown.
    """

    has_content = False
    optional_arguments = 1
    option_spec = {
        "fault": lambda text: directives.choice(text, tuple(FAULTS)),
        "caption": directives.unchanged_required,
        "name": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        """Return the table, or nothing after an error."""
        root = Path(self.env.srcdir) / "_data"
        register = domain_of(self.env).register
        found, problems = load(root, register)
        self.env.note_dependency(str(root / FOLDER))  # the folder changes when a file comes or goes
        for path in (root / FOLDER).glob("*.toml"):
            self.env.note_dependency(str(path))
        name, fault = (self.arguments or [""])[0], self.options.get("fault", "")
        if bool(name) == bool(fault):
            return self.error("needs a system or a :fault:, and not both")
        if name and name not in found:
            if any(problem.path.stem == name for problem in problems):
                return self.error(f"the data of {name!r} has errors, reported above")
            return self.error(f"unknown drills {name!r}{did_you_mean(name, found)}")
        systems = [name] if name else [system.id for system in register.ordered() if system.id in found]
        drills = [drill for system in systems for drill in found[system] if fault in ("", drill.fault)]
        drills.sort(key=lambda drill: list(FAULTS).index(drill.fault))  # stable: order of the file within a fault
        return [self.table(drills, register, first="Fault" if name else "System")] if drills else []

    def error(self, message: str) -> list[nodes.Node]:
        """Report a mistake on the page itself."""
        logger.error("{drills}: %s", message, location=self.get_location(), type="ppm")
        return []

    def table(self, drills: list[Drill], register: Register, first: str) -> nodes.table:
        """Lay the drills out."""
        rows = []
        for drill in drills:
            head = FAULTS[drill.fault] if first == "Fault" else register.systems[drill.system].name
            where = f", {drill.data['locator']}" if "locator" in drill.data else ""
            documented = f"{drill.data['guarantee']} {{cite:p}}`{drill.data['source']}`{where}"
            with self.reading(drill.path):
                cells = {
                    key: self.inline(drill.data[key], drill.lines[key]) for key in ("setting", "outcome", "change")
                }
                cells["guarantee"] = self.inline(documented, drill.lines["guarantee"])
            rows.append([
                [nodes.Text(head)],
                cells["setting"],
                [nodes.Text(tell(drill.data["effects"]))],
                cells["outcome"],
                cells["guarantee"],
                cells["change"],
            ])  # fmt: skip
        table = build_table(self.caption(drills), (first, *HEADER), rows, classes=["drills", "colwidths-given"])
        for column, width in zip(table.findall(nodes.colspec), WIDTHS, strict=True):
            column["colwidth"] = width
        self.set_source_info(table)
        self.add_name(table)
        return table

    def caption(self, drills: list[Drill]) -> list[nodes.Node]:
        """Return the caption, and which tests counted."""
        text = self.options.get("caption", "What a fault did, and how often the effect of the task took place").strip()
        children, messages = self.parse_inline(text if text[-1] in ".!?" else f"{text}.")
        modules = sorted({drill.data["test"].partition("::")[0] for drill in drills})
        counted: list[nodes.Node] = [nodes.Text(" Counted by ")]
        for number, module in enumerate(modules):
            counted += [nodes.Text(", ")] if number else []
            counted.append(nodes.literal("", module))
        return [*children, *messages, *counted, nodes.Text(".")]
