"""The reader's own measurements beside the published ones: their names, and the notice on pages that show them."""

from __future__ import annotations

from typing import Any

from docutils import nodes

from .domain import domain_of
from .measurements import Measurement

PART = "performance-analysis"
#: Marks a row, column or curve of the reader's own machine.
YOURS = "yours"


def where(run: Measurement) -> str:
    """Write the machine and the day of the reader's own measurement."""
    return f"{run.machine_text()}, {run.date}"


def announce(app: Any, document: nodes.document) -> None:
    """Write under the title of a page of the part that this build shows the reader's own measurements too."""
    own = domain_of(app.env).register.own
    if not own or not app.env.docname.startswith(f"{PART}/"):
        return
    machines = "; ".join(dict.fromkeys(where(run) for run in own.values()))
    texts = (
        f"This build shows measurements of your machine ({machines}) beside the published ones.",
        "In tables and plots they are called yours; in plots they are hollow and dashed.",
        "Numbers in sentences are the published ones, and their notes give yours; so do the notes of claims, which are "
        "checked against the published ones alone.",
    )
    notice = nodes.admonition("", nodes.title("", "Your measurements"), classes=["own-measurements"])
    notice += nodes.paragraph("", " ".join(texts))
    section = next(document.findall(nodes.section), None)
    if section is not None:
        section.insert(section.first_child_matching_class(nodes.title) + 1, notice)
