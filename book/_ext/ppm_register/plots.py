"""The directive ``{measurement-plot}``: a numbered figure, drawn for a light and for a dark page."""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives

from . import drawing
from .directives import RegisterDirective, words
from .domain import RegisterDomain, RegisterError
from .load import did_you_mean
from .quantities import dimension
from .series import Series, choose, names_of, provenance

FOLDER = "ppm-plots"


def plot_path(folder: Path, kind: str, theme: str, series: list[Series], labels: list[str]) -> Path:
    """Return where the picture of these samples is kept: its name changes with all that it depends on."""
    content = repr(
        (
            kind,
            theme,
            labels,
            [(item.row, item.base, item.probe) for item in series],
            importlib.metadata.version("matplotlib"),
            drawing.source(),
        )
    )
    return folder / f"{kind}-{theme}-{hashlib.sha256(content.encode()).hexdigest()[:16]}.svg"


def save(path: Path, kind: str, theme: str, series: list[Series], labels: list[str]) -> None:
    """Draw and write a picture whole, so that no parallel reader sees half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{os.getpid()}")
    partial.write_bytes(drawing.draw(kind, theme, series, labels))
    partial.replace(path)


def series_labels(series: list[Series]) -> list[str]:
    """Return what tells the series apart, and nothing else."""
    rows, titles = {item.row for item in series}, {item.title for item in series}
    if len(titles) == 1:
        return [item.row for item in series]
    if len(rows) == 1:
        return [item.title for item in series]
    if len({item.system.id for item in series}) == 1:
        return [f"{item.title}, {item.variant_label}" if item.variant_label else item.title for item in series]
    return [f"{item.row}: {item.title}" for item in series]


class MeasurementPlot(RegisterDirective):
    """A plot of samples: ``distribution``, ``payload`` (time over size) or ``bars``."""

    option_spec = RegisterDirective.option_spec | {
        "probes": words,
        "kind": directives.unchanged_required,
        "alt": directives.unchanged_required,
    }

    def show(self, domain: RegisterDomain) -> list[nodes.Node]:
        """Draw both pictures, or find them drawn, and make the figure."""
        kind, alt = self.required("kind"), " ".join(self.required("alt").split())
        if kind not in drawing.KINDS:
            raise RegisterError(f"unknown kind {kind!r}{did_you_mean(kind, drawing.KINDS)}")
        series = self.chosen(domain)
        self.check(kind, series)
        labels = series_labels(series)
        folder = Path(self.env.doctreedir) / FOLDER
        figure = nodes.figure("", classes=["measurement-plot"], probes=names_of(series))
        for theme in drawing.THEMES:
            path = plot_path(folder, kind, theme, series, labels)
            if not path.exists():
                save(path, kind, theme, series, labels)
            # From the root of the source folder, as Sphinx wants it; the pictures lie outside of it.
            uri = "/" + Path(os.path.relpath(path, self.env.srcdir)).as_posix()
            figure += nodes.image("", uri=uri, alt=alt, classes=[f"only-{theme}", "measurement-picture"])
        default = f"{', '.join(dict.fromkeys(item.name for item in series))}, measured"
        figure += nodes.caption("", "", *self.caption(default, drawing.KINDS[kind], provenance(series)))
        self.set_source_info(figure)
        self.add_name(figure)
        return [figure]

    def check(self, kind: str, series: list[Series]) -> None:
        """Refuse what cannot stand on one axis."""
        units = {dimension(item.probe.unit) for item in series}
        if len(units) > 1:
            raise RegisterError(f"one axis cannot show different units: {', '.join(sorted(units))}")
        if kind == "payload" and (missing := [i.probe.name for i in series if not i.probe.parameters.get("bytes")]):
            raise RegisterError(f"probe {missing[0]!r} has no payload size (parameter 'bytes')")
        groups = {item.row for item in series} if kind == "payload" else series
        if len(groups) > drawing.LIMITS[kind]:
            raise RegisterError(f"{len(groups)} series are too many for one plot; at most {drawing.LIMITS[kind]}")
