"""The directives ``{measurement-table}`` and ``{system-table}``: ordinary tables with a numbered caption."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from docutils import nodes
from docutils.parsers.rst import directives
from ppm_criteria import CRITERIA
from sphinx import addnodes

from .directives import RegisterDirective, items, words
from .domain import RegisterDomain, RegisterError, names_in
from .load import System, did_you_mean
from .measurements import Probe, Quantity, Shown
from .own import YOURS
from .quantities import NBSP, SCALES, best_unit, dimension, unit_name
from .roles import fact_node
from .series import Series, choose, legend_of_noise, names_of, own_series, provenance

Cell = list[nodes.Node]
ABSENT = "–"
SECTIONS = {criterion.slug: criterion.title for criterion in CRITERIA}
KEYS = {
    "version": "Version run",
    "released": "Released",
    "license": "License",
    "distribution": "Distribution",
    "summary": "Summary",
    "part": "Part",
}
CARD_KEYS = {
    "runs-on": "Runs on",
    "unit-of-work": "Unit of work",
    "use-when": "Use when",
    "avoid-when": "Avoid when",
}


def text_cell(text: str, *classes: str) -> Cell:
    """Make a cell of plain text."""
    return [nodes.inline("", text, classes=list(classes)) if classes else nodes.Text(text)]


def build_table(
    title: Cell, header: Sequence[str], rows: Sequence[Sequence[Cell]], **attributes: object
) -> nodes.table:
    """Make a table whose first column heads its rows."""
    table = nodes.table("", nodes.title("", "", *title), **attributes)
    group = nodes.tgroup(cols=len(header))
    table += group
    for column in range(len(header)):
        group += nodes.colspec(colwidth=1, **({"stub": 1} if column == 0 else {}))
    group += nodes.thead("", _row([text_cell(text) for text in header]))
    group += nodes.tbody("", *(_row(row) for row in rows))
    return table


def _row(cells: Sequence[Cell]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", *cell)) for cell in cells))


#: From here on one unit makes the numbers of a column hard to read: one would have four leading zeros.
TOO_WIDE = 1000
#: A number below this in the column's unit stands in its own.
TOO_SMALL = 0.01


def common_unit(series: Sequence[Series]) -> str:
    """Return one unit for a column, so that its numbers compare at a glance; empty where they lie too far apart."""
    units = {dimension(item.probe.unit) for item in series}
    if len(units) != 1:
        raise RegisterError(f"one column cannot show different units: {', '.join(sorted(units))}")
    probes = sorted((item.probe for item in series if has_value(item.probe)), key=lambda probe: probe.base_value())
    first = series[0].probe
    if dimension(first.unit) not in SCALES:
        return unit_name(first.unit)
    if not probes:
        return ""
    bounds = [end for item in series if not has_value(item.probe) for end in _ends(item.probe)]
    values = sorted([probes[0].base_value(), probes[-1].base_value(), *bounds])
    if 0 < values[0] * TOO_WIDE < values[-1]:
        return ""
    middle = probes[(len(probes) - 1) // 2]
    return best_unit(middle.value(), middle.unit)


def has_value(probe: Shown) -> bool:
    """Whether there is a number, not a bound alone."""
    return not isinstance(probe, Quantity) or probe.known


def _ends(probe: Shown) -> list[float]:
    """Return the known ends of what is only bounded, in base units."""
    assert isinstance(probe, Quantity)
    return [probe.base_value(end) for end in ("low", "high") if getattr(probe, end) is not None]


def _headed(title: str, unit: str) -> str:
    return f"{title} ({unit})" if unit not in ("", "count") else title


@dataclass(frozen=True)
class Legend:
    """What the numbers of a table are: medians of runs, values that follow from runs, or both."""

    first: str
    spread: str
    size: str
    sentence: str


INTERVAL = f"95{NBSP}% interval"
PERCENTILES = f"5th–95th{NBSP}percentile"


def legend_of(series: Sequence[Series], one_way: bool) -> Legend:
    """Return the words for a table's columns and caption."""
    derived = {item.derived for item in series}
    if derived == {False}:
        text = "Median of all runs." if one_way else "Median, with the 5th to 95th percentile in parentheses."
        return Legend("Median", PERCENTILES, "Runs", text)
    if derived == {True}:
        text = f"Value with its {INTERVAL}." if one_way else f"Value, with its {INTERVAL} in parentheses."
        return Legend("Value", INTERVAL, "From points", text)
    text = f"Median with the 5th to 95th percentile; what follows from measurements with its {INTERVAL}."
    return Legend("Value", "Spread", "Runs or points", text)


class MeasurementTable(RegisterDirective):
    """Measured numbers of one system or of several."""

    option_spec = RegisterDirective.option_spec | {"probes": words}

    def show(self, domain: RegisterDomain) -> list[nodes.Node]:
        """Choose the probes and lay them out."""
        series = self.chosen(domain)
        own = own_series(domain, series)
        row_names = list(dict.fromkeys(item.row for item in series))
        bases = list(dict.fromkeys(item.base for item in series))
        one_way = len(row_names) == 1 or len(bases) == 1
        legend = legend_of(series, one_way)
        if one_way:
            header, rows = self.long(series, own, legend, by_probe=len(row_names) == 1)
        else:
            header, rows = self.matrix(series, own, bases)
        everything = [*series, *own]
        absent = any(cell == text_cell(ABSENT) for row in rows for cell in row)
        about = f"{', '.join(dict.fromkeys(item.name for item in series))}, measured"
        title = self.caption(
            about,
            legend.sentence,
            "“–”: not measured." if absent else "",
            legend_of_noise(everything),
            provenance(everything),
        )
        classes = ["measurement-table", "measurement-list" if one_way else "measurement-matrix"]
        table = build_table(title, header, rows, classes=classes, probes=names_of(series))
        self.set_source_info(table)
        self.add_name(table)
        return [table]

    def long(
        self, series: Sequence[Series], own: Sequence[Series], legend: Legend, by_probe: bool
    ) -> tuple[list[str], list[list[Cell]]]:
        """One row for each probe, with its spread and its runs; a column more for what the reader measured."""
        yours = {(item.system.id, item.probe.name): item for item in own}
        rows = []
        for item in series:
            probe = item.probe.scaled()
            label = item.title if by_probe else item.row
            row = [text_cell(text) for text in (label, probe.text() + item.mark, spread_of(probe), size_of(probe))]
            if own:
                mine = yours.get((item.system.id, item.probe.name))
                row.append(_own_cell(mine) if mine else text_cell(ABSENT))
            rows.append(row)
        header = ["Probe" if by_probe else "System", legend.first, legend.spread, legend.size]
        return [*header, *(["Yours"] if own else [])], rows

    def matrix(
        self, series: Sequence[Series], own: Sequence[Series], bases: list[str]
    ) -> tuple[list[str], list[list[Cell]]]:
        """One row for each system or variant, one column for each probe; the reader's own in a row beneath."""
        cells = {(item.row, item.base): item for item in (*series, *own)}
        units = {base: common_unit([item for item in (*series, *own) if item.base == base]) for base in bases}
        beneath = {item.published: item.row for item in own}
        names = dict.fromkeys(item.row for item in series)
        rows = []
        for name in (row for published in names for row in (published, beneath.get(published)) if row):
            row = [text_cell(name)]
            for base in bases:
                item = cells.get((name, base))
                row.append(_matrix_cell(item, units[base]) if item else text_cell(ABSENT))
            rows.append(row)
        titles = {item.base: item.title for item in series}
        return ["System", *(_headed(titles[base], units[base]) for base in bases)], rows


def spread_of(probe: Shown) -> str:
    """Write the spread of a number."""
    if isinstance(probe, Probe) and len(probe.samples) == 1:
        return "one run"
    spread = probe.spread()
    return ABSENT if spread == "unknown" else spread


def size_of(probe: Shown) -> str:
    """Write how many runs or points a number comes from."""
    return f"{len(probe.samples if isinstance(probe, Probe) else probe.points):,}"


def _own_cell(item: Series) -> Cell:
    probe = item.probe.scaled()
    return _with_spread(probe.text() + item.mark, "" if spread_of(probe) in ("one run", ABSENT) else probe.spread())


def _with_spread(text: str, spread: str) -> Cell:
    if not spread:
        return text_cell(text)
    return [nodes.Text(f"{text} "), nodes.inline("", f"({spread})", classes=["spread"])]


def _matrix_cell(item: Series, unit: str) -> Cell:
    """Show a number in the column's unit, or in its own where the column has none or it is too small for that."""
    small = unit and dimension(item.probe.unit) in SCALES and has_value(item.probe)
    if small and 0 < abs(item.probe.to(unit).value()) < TOO_SMALL:
        unit = ""
    bare = unit != "" or dimension(item.probe.unit) not in SCALES
    probe = item.probe.to(unit) if unit else item.probe.scaled()
    known = [number for number in ("p5", "p95") if isinstance(probe, Probe) and len(probe.samples) > 1]
    if isinstance(probe, Quantity) and probe.known and probe.low is not None and probe.high is not None:
        known = ["low", "high"]
    spread = "–".join(probe.number(end) for end in known)
    text = probe.number() if bare else probe.text()
    return _with_spread(text + item.mark, spread)


@dataclass(frozen=True)
class Column:
    """One column of a table over systems."""

    title: str
    cell: Callable[[System], Cell]
    series: list[Series]


class SystemTable(RegisterDirective):
    """Facts and measurements, one row for each system.

    ``:columns:`` lists, separated by commas or lines, ``[Title =] name`` where the name is a key of the TOML file or of
    its card, ``section:performance``, a fact, or a probe.
    """

    option_spec = RegisterDirective.option_spec | {"columns": items, "part": directives.unchanged_required}

    def show(self, domain: RegisterDomain) -> list[nodes.Node]:
        """Find the systems and the columns and lay them out."""
        systems = self.rows(domain)
        columns = [self.column(domain, spec, systems) for spec in self.required("columns")]
        rows = [[_link(system), *(column.cell(system) for column in columns)] for system in systems]
        series = [item for column in columns for item in column.series]
        flat = [cell for row in rows for cell in row]
        absent = "“–”: the register holds no entry." if text_cell(ABSENT) in flat else ""
        middle = "Measured numbers are medians." if any(not item.derived for item in series) else ""
        title = self.caption("Systems", middle, absent, legend_of_noise(series), provenance(series))
        header = ["System", *(column.title for column in columns)]
        classes = ["system-table", *(["measurement-table"] if series else [])]
        table = build_table(title, header, rows, classes=classes, probes=names_of(series))
        self.set_source_info(table)
        self.add_name(table)
        return [table]

    def rows(self, domain: RegisterDomain) -> list[System]:
        """Return the systems named, or all of a part, or all."""
        if "systems" in self.options:
            return [domain.system(name) for name in self.options["systems"]]
        domain.note_shown("*")
        part = self.options.get("part")
        if part is not None and part not in domain.register.parts:
            raise RegisterError(f"unknown part {part!r}{did_you_mean(part, domain.register.parts)}")
        systems = domain.register.ordered(part)
        if not systems:
            raise RegisterError("there is no system to show")
        return systems

    def column(self, domain: RegisterDomain, spec: str, systems: list[System]) -> Column:
        """Find out what a column shows."""
        title, _, name = spec.rpartition("=")
        title, name = title.strip(), name.strip()
        if name in KEYS:
            return Column(title or KEYS[name], lambda system: self.text(system.data.get(name)), [])
        if name in CARD_KEYS:
            return Column(title or CARD_KEYS[name], lambda system: self.text(system.data["card"][name]), [])
        if name.startswith("section:"):
            return _section_column(title, name.removeprefix("section:"))
        facts = {fact_name for system in systems for fact_name in system.facts}
        if name in facts:
            label = next(system.facts[name].label for system in systems if name in system.facts)
            return Column(title or label, lambda system: self.fact(system, name), [])
        probes = {
            probe
            for machine in domain.register.references
            for system in systems
            if (run := domain.register.measurement(system.id, machine))
            for probe in names_in(run)
        }
        if name in probes:
            return self.probe_column(domain, title, name, systems)
        known = {*KEYS, *CARD_KEYS, *facts, *probes, *(f"section:{slug}" for slug in SECTIONS)}
        raise RegisterError(f"unknown column {name!r}{did_you_mean(name, known)}")

    def text(self, value: object) -> Cell:
        """Read a text of the register as inline Markdown."""
        if value is None:
            return text_cell(ABSENT)
        children, messages = self.parse_inline(str(value))
        return [*children, *messages]

    def fact(self, system: System, name: str) -> Cell:
        """Show a fact with its source."""
        return [fact_node(system.facts[name], self.env)] if name in system.facts else text_cell(ABSENT)

    def probe_column(self, domain: RegisterDomain, title: str, name: str, systems: list[System]) -> Column:
        """Show medians in one unit."""
        machine = self.options.get("machine") or domain.machine_with({(system.id, name) for system in systems})
        measured = [s.id for s in systems if (m := domain.register.measurement(s.id, machine)) and name in names_in(m)]
        if not measured:
            raise RegisterError(f"no system shown has the probe {name!r} on {machine}")
        series = {item.system.id: item for item in choose(domain, measured, [name], machine)}
        unit = common_unit(list(series.values()))
        first = next(iter(series.values()))

        yours = {item.system.id: item for item in own_series(domain, list(series.values()))}

        def cell(system: System) -> Cell:
            item, mine = series.get(system.id), yours.get(system.id)
            if item is None:
                return text_cell(ABSENT)
            text = _column_text(item, unit)
            return text_cell(f"{text} ({YOURS} {_column_text(mine, unit)})" if mine else text)

        heading = title or first.title + (f", {first.variant_label}" if first.variant_label else "")
        return Column(_headed(heading, unit), cell, [*series.values(), *yours.values()])


def _column_text(item: Series, unit: str) -> str:
    probe = item.probe.to(unit) if unit else item.probe.scaled()
    return (probe.number() if unit or dimension(probe.unit) not in SCALES else probe.text()) + item.mark


def _link(system: System) -> Cell:
    """Link a system's name to its page."""
    target = addnodes.pending_xref(
        "",
        nodes.inline("", system.name),
        refdomain="std",
        reftype="ref",
        reftarget=system.id,
        refexplicit=True,
        refwarn=True,
    )
    return [target]


def _section_column(title: str, slug: str) -> Column:
    """Link each system's section by its number."""
    if slug not in SECTIONS:
        raise RegisterError(f"unknown section {slug!r}{did_you_mean(slug, SECTIONS)}")

    def cell(system: System) -> Cell:
        return [
            addnodes.pending_xref(
                "",
                nodes.inline("", "{number}"),
                refdomain="std",
                reftype="numref",
                reftarget=f"{system.id}-{slug}",
                refexplicit=True,
                refwarn=True,
                title="{number}",
            )
        ]

    return Column(title or SECTIONS[slug], cell, [])
