"""Count the evidence of every criterion section, write it under the heading, and fail a section that has none.

A section's evidence is in the section, nested sections counted in:

* *examples run*: Python fences that no skip comment precedes, and shown modules of ``examples/`` that no fence of the
  section imports (those run in a test or elsewhere on the page; the structure tests hold every shown module to that);
* *measurements*: distinct probes that a ``{measured}``, a ``{claim}``, a measurement table or a plot shows;
* *sources*: distinct keys that a ``{cite:…}`` or a ``{fact}`` names.
"""

import re
from dataclasses import dataclass
from pathlib import PurePath

import ppm_levels
from docutils import nodes
from ppm_criteria import CRITERIA, system_of
from sphinx.util import logging

logger = logging.getLogger(__name__)

# Nodes that the register makes carry these: the probes that a measurement shows, the source of a fact.
MEASURED_CLASSES = {"measured", "claim", "measurement-table", "measurement-plot"}


@dataclass(frozen=True)
class Evidence:
    """What one criterion section stands on."""

    examples: int = 0
    measurements: int = 0
    sources: int = 0

    def __bool__(self) -> bool:
        return bool(self.examples or self.measurements or self.sources)

    def sentence(self) -> str:
        """``4 examples run · 2 measurements · 3 sources``, without the kinds that the section has none of."""
        kinds = (
            (self.examples, "example run", "examples run"),
            (self.measurements, "measurement", "measurements"),
            (self.sources, "source", "sources"),
        )
        return " · ".join(f"{n} {one if n == 1 else many}" for n, one, many in kinds if n)


def criterion_sections(document: nodes.document, system: str):
    """Yield each criterion of *system* with its section in *document*."""
    labels = {criterion.label(system): criterion for criterion in CRITERIA}
    for top in document.findall(nodes.section):
        if isinstance(top.parent, nodes.document):
            for section in top.children:
                if isinstance(section, nodes.section):
                    for label in section["names"]:
                        if label in labels:
                            yield labels[label], section


def count(section: nodes.Element, found: list[ppm_levels.Example]) -> Evidence:
    """Count what stands in *section*, whose fences are *found*."""
    fences = [e for e in found if ppm_levels.is_python(e.node) and e.skipped is None]
    modules = shown_modules(section)
    unimported = {m for m in modules if not any(imports(fence.node.astext(), *m) for fence in fences)}
    return Evidence(len(fences) + len(unimported), len(probes(section)), len(sources(section)))


def shown_modules(section: nodes.Element) -> set[tuple[str, str]]:
    """Package and name of each module of ``examples/`` that *section* shows."""
    modules = set()
    for block in section.findall(nodes.literal_block):
        path = PurePath(block.get("source", ""))
        if path.suffix == ".py" and len(path.parts) > 2 and path.parts[-3] == "examples":
            modules.add((path.parts[-2], path.stem))
    return modules


def imports(code: str, package: str, module: str) -> bool:
    """Whether *code*, a fence, imports the module, by its full name or from its package."""
    names = rf"\bfrom\s+examples\.{package}\s+import\s+(\([^)]*|[^\n]*)\b{module}\b"
    return re.search(rf"\bexamples\.{package}\.{module}\b|{names}", code) is not None


def probes(section: nodes.Element) -> set[str]:
    """What the measurements in *section* show; one that does not name its probes counts as its own."""
    found = set()
    for node in section.findall(nodes.Element):
        if not MEASURED_CLASSES.intersection(node.get("classes", ())):
            continue
        if "probes" in node:
            found.update(node["probes"])
        elif not any("probes" in inner for inner in node.findall(nodes.Element)):
            found.add(node.astext() or str(id(node)))
    return found


def sources(section: nodes.Element) -> set[str]:
    """Keys of the sources that *section* cites, itself or through a fact."""
    found = set()
    for node in section.findall(nodes.Element):
        if node.get("refdomain") == "cite":
            found.update(key.strip() for key in node["reftarget"].split(","))
        elif node.get("sources"):
            found.update(node["sources"])
    return found


def write_evidence(app, document: nodes.document) -> None:
    """Write badges and the evidence line into a page that was read, and remember the counts."""
    docname = app.env.docname
    system = system_of(docname)
    counts: dict[str, Evidence] = {}
    for criterion, section in criterion_sections(document, system):
        found = ppm_levels.examples(section)
        counts[criterion.slug] = evidence = count(section, found)
        ppm_levels.add_badges(section, found, ppm_levels.engine_of_page(app, docname))
        if not evidence:
            logger.error(
                "section %r shows no evidence: no example that runs, no measurement, no source",
                criterion.label(system),
                location=section,
                type="ppm",
                subtype="evidence",
            )
            continue
        text = f"Evidence: {evidence.sentence()}"
        section.insert(
            section.first_child_matching_class(nodes.title) + 1, nodes.paragraph(text, text, classes=["evidence"])
        )
    if counts:
        collected(app.env)[docname] = counts


def collected(env) -> dict[str, dict[str, Evidence]]:
    """Counts of every page read: docname, then slug of the criterion."""
    if not hasattr(env, "ppm_evidence"):
        env.ppm_evidence = {}
    return env.ppm_evidence


def purge(app, env, docname: str) -> None:
    """Forget a page that is read anew."""
    collected(env).pop(docname, None)


def merge(app, env, docnames, other) -> None:
    """Take over what a parallel reader counted."""
    collected(env).update({name: counts for name, counts in collected(other).items() if name in docnames})


def setup(app):
    app.setup_extension("ppm_levels")
    app.setup_extension("ppm_evidence_page")
    app.connect("doctree-read", write_evidence)
    app.connect("env-purge-doc", purge)
    app.connect("env-merge-info", merge)
    return {"version": "1", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
