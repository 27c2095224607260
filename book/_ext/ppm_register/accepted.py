"""The directive ``{accepted-results}``: what was published although it does not meet the harness's conditions.

A result says so itself (``accepted``, written by ``publish --despite``), so that no such result goes unmentioned.
"""

from __future__ import annotations

from docutils import nodes

from .directives import RegisterDirective
from .domain import RegisterDomain
from .load import Register
from .tables import build_table, text_cell

HEADER = ("Result", "Machine", "Published because", "Conditions that it does not meet")


class AcceptedResults(RegisterDirective):
    """One row for each result that was accepted, reference machines first; a sentence where there is none."""

    option_spec = {key: RegisterDirective.option_spec[key] for key in ("caption", "name")}

    def show(self, domain: RegisterDomain) -> list[nodes.Node]:
        """Lay the table out; it depends on every result."""
        domain.note_shown("*")
        rows = [[text_cell(text) for text in row] for row in accepted(domain.register)]
        if not rows:
            return [nodes.paragraph("", "Every published result meets all of the harness's conditions.")]
        title = self.caption("Published although not every condition was met")
        table = build_table(title, HEADER, rows, classes=["accepted-results"])
        self.set_source_info(table)
        self.add_name(table)
        return [table]


def accepted(register: Register) -> list[tuple[str, str, str, str]]:
    """Return name, machine, reason and unmet conditions of each accepted result.

    Probes are counted, not listed; a reason that several results of a machine share stands with the first of them.
    """
    found = []
    before = ()
    others = sorted(set(register.machines) - set(register.references))
    for machine in [*register.references, *others]:
        for subject in [*register.subjects.values(), *register.ordered()]:
            run = register.measurement(subject.id, machine)
            if run and (entry := run.data.get("accepted")):
                unmet = "; ".join(reason.partition(": ")[0] for reason in entry["despite"])
                reason = machine, entry["why"]
                found.append((subject.name, machine, "as above" if reason == before else entry["why"], unmet))
                before = reason
    return found
