"""The directive ``{measurement-plot}``: a numbered figure, drawn for a light and for a dark page."""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives

from . import drawing
from .analyzed import is_scaling, is_sweep, scalings, sweeps
from .derived import fingerprint
from .directives import RegisterDirective, words
from .domain import RegisterDomain, RegisterError
from .load import did_you_mean
from .own import YOURS
from .quantities import dimension
from .series import Series, legend_of_noise, names_of, own_series, provenance

FOLDER = "ppm-plots"


def plot_path(
    folder: Path, kind: str, theme: str, series: list[Series], labels: list[str], log: bool | None = None
) -> Path:
    """Return where the picture of these samples is kept: its name changes with all that it depends on."""
    content = repr(
        (
            kind,
            theme,
            labels,
            log,
            # A sweep and a law need the passes of a probe too, which the result file has.
            [(item.row, item.base, item.probe, item.run.data["probes"].get(item.probe.name)) for item in series],
            importlib.metadata.version("matplotlib"),
            drawing.source(),
            fingerprint(),
        )
    )
    return folder / f"{kind}-{theme}-{hashlib.sha256(content.encode()).hexdigest()[:16]}.svg"


def save(path: Path, kind: str, theme: str, series: list[Series], labels: list[str], log: bool | None = None) -> None:
    """Draw and write a picture whole, so that no parallel reader sees half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{os.getpid()}")
    partial.write_bytes(drawing.draw(kind, theme, series, labels, log))
    partial.replace(path)


def series_labels(series: list[Series]) -> list[str]:
    """Return what tells the series apart, and nothing else; what is noisy or the reader's own says so."""
    rows, titles = {item.published for item in series}, {item.title for item in series}
    if len(titles) == 1:
        labels = [item.published for item in series]
    elif len(rows) == 1:
        labels = [item.title for item in series]
    elif len({item.system.id for item in series}) == 1:
        labels = [f"{item.title}, {item.variant_label}" if item.variant_label else item.title for item in series]
    else:
        labels = [f"{item.published}: {item.title}" for item in series]
    return [
        f"{label} ({YOURS}){item.mark}" if item.own else label + item.mark
        for label, item in zip(labels, series, strict=True)
    ]


def with_own(series: list[Series], own: list[Series]) -> list[Series]:
    """Return each series with the reader's own directly after it."""
    yours = {(item.system.id, item.probe.name): item for item in own}
    pairs = ((item, yours.get((item.system.id, item.probe.name))) for item in series)
    return [item for pair in pairs for item in pair if item]


def _axis(text: str | None) -> str:
    return directives.choice(text, ("linear", "log"))


class MeasurementPlot(RegisterDirective):
    """A plot of samples: one of :data:`drawing.KINDS`."""

    option_spec = RegisterDirective.option_spec | {
        "probes": words,
        "kind": directives.unchanged_required,
        "alt": directives.unchanged_required,
        "axis": _axis,
    }

    def show(self, domain: RegisterDomain) -> list[nodes.Node]:
        """Draw both pictures, or find them drawn, and make the figure."""
        kind, alt = self.required("kind"), " ".join(self.required("alt").split())
        if kind not in drawing.KINDS:
            raise RegisterError(f"unknown kind {kind!r}{did_you_mean(kind, drawing.KINDS)}")
        series = self.chosen(domain)
        self.check(kind, series)
        series = with_own(series, own_series(domain, series))
        labels = series_labels(series)
        log = {"log": True, "linear": False}.get(self.options.get("axis", ""))
        folder = Path(self.env.doctreedir) / FOLDER
        figure = nodes.figure("", classes=["measurement-plot"], probes=names_of(series))
        for theme in drawing.THEMES:
            path = plot_path(folder, kind, theme, series, labels, log)
            if not path.exists():
                save(path, kind, theme, series, labels, log)
            # From the root of the source folder, as Sphinx wants it; the pictures lie outside of it.
            uri = "/" + Path(os.path.relpath(path, self.env.srcdir)).as_posix()
            figure += nodes.image("", uri=uri, alt=alt, classes=[f"only-{theme}", "measurement-picture"])
        default = f"{', '.join(dict.fromkeys(item.name for item in series))}, measured"
        shown = drawing.KINDS[kind].legend(series, bool(log))
        yours = "Hollow marks and dashed lines are yours." if kind != "scaling" and any(i.own for i in series) else ""
        caption = self.caption(default, shown, yours, legend_of_noise(series), provenance(series))
        figure += nodes.caption("", "", *caption)
        self.set_source_info(figure)
        self.add_name(figure)
        return [figure]

    def check(self, kind: str, series: list[Series]) -> None:
        """Refuse what cannot stand on one axis, or makes no such plot."""
        units = {dimension(item.probe.unit) for item in series}
        if len(units) > 1:
            raise RegisterError(f"one axis cannot show different units: {', '.join(sorted(units))}")
        rule = drawing.KINDS[kind]
        if not rule.derived and (derived := [item.probe.name for item in series if item.derived]):
            raise RegisterError(f"{derived[0]!r} follows from measurements: only a table, or bars, can show it")
        if kind == "payload" and (missing := [i.probe.name for i in series if not i.probe.parameters.get("bytes")]):
            raise RegisterError(f"probe {missing[0]!r} has no payload size (parameter 'bytes')")
        points = {"metg": (is_sweep, "a sweep (metg.<pattern>.<N>us)"), "scaling": (is_scaling, "a scaling experiment")}
        if kind in points:
            fits, what = points[kind]
            if wrong := [item.probe.name for item in series if not fits(item.base)]:
                raise RegisterError(f"probe {wrong[0]!r} is no point of {what}")
            if not (sweeps if kind == "metg" else scalings)(series):
                raise RegisterError("the points lack what makes a curve: their parameters, or a point with one worker")
        groups = (
            series if kind in ("distribution", "bars") else {(item.published, family(item.base)) for item in series}
        )
        if len(groups) > rule.limit:
            raise RegisterError(f"{len(groups)} series are too many for one plot; at most {rule.limit}")


def family(base: str) -> str:
    """Return the name of what a point belongs to: its own without the size or number at its end."""
    return base.rpartition(".")[0]
