"""The plots of the register, on minimal books."""

from __future__ import annotations

import itertools
import math
import re
import xml.etree.ElementTree as ElementTree

import pytest
from bs4 import BeautifulSoup
from ppm_register import drawing
from register_data import book, measurement
from sphinx_project import build

CONFIG = {"extensions": ["myst_parser", "ppm_register"], "numfig": True}
DISTRIBUTION = {"kind": "distribution", "systems": "ray", "probes": "*task_cost.*", "alt": "What it shows."}


def plot(**options):
    return "\n".join(["```{measurement-plot}", *(f":{key}: {value}" for key, value in options.items()), "```"])


def build_page(tmp_path, page, builder="html"):
    return build(tmp_path, book(f"# Page\n\n{page}\n"), builder, confoverrides=CONFIG)


def pictures(result):
    return {path.name: path.read_bytes() for path in sorted((result.outdir / "_images").glob("*.svg"))}


@pytest.mark.parametrize(
    ("kind", "probes"),
    [
        ("distribution", "*task_cost.*"),
        ("payload", "payload.in.*"),
        ("bars", "startup.* task_cost.*"),
        ("bars", "weight.*"),
    ],
)
def test_a_plot_is_a_numbered_figure_for_light_and_dark(tmp_path, kind, probes):
    page = (
        plot(kind=kind, systems="ray", probes=probes, alt="What it shows.", caption="Ray", name="ray-fig-x")
        + "\n\nSee {numref}`ray-fig-x`."
    )
    result = build_page(tmp_path, page)
    assert not result.warnings
    figure = BeautifulSoup(result.html("index"), "html.parser").select_one("figure#ray-fig-x")
    light, dark = figure.select("img")
    assert "only-light" in light["class"] and "only-dark" in dark["class"]
    assert light["alt"] == dark["alt"] == "What it shows."
    caption = figure.select_one("figcaption").get_text().replace("\N{NO-BREAK SPACE}", " ")
    assert caption.strip().startswith("Fig. 1 Ray. ")
    assert "Machine vm-2core (AMD EPYC, 2 cores), 2026-11-23." in caption
    assert "Fig. 1</span></a>" in result.html("index")
    assert len(pictures(result)) == 2


def test_pictures_are_the_same_bytes_every_time_and_load_nothing(tmp_path):
    first = pictures(build_page(tmp_path / "a", plot(**DISTRIBUTION)))
    second = pictures(build_page(tmp_path / "b", plot(**DISTRIBUTION)))
    assert first == second
    for picture in first.values():
        text = picture.decode()
        assert "<text" not in text and "font-family" not in text
        assert not re.search(r"(?:href|src)=\"(?!#)", text)
        assert "<dc:date>" not in text
        ElementTree.fromstring(text)


def test_a_picture_is_drawn_once(tmp_path, monkeypatch):
    build_page(tmp_path, plot(**DISTRIBUTION))
    monkeypatch.setattr(drawing, "draw", lambda *_: pytest.fail("drawn again"))
    result = build_page(tmp_path, plot(**DISTRIBUTION) + "\n\nMore text.")
    assert "More text" in result.html("index")


def test_a_picture_is_drawn_again_when_the_samples_change(tmp_path):
    before = set(pictures(build_page(tmp_path, plot(**DISTRIBUTION))))
    result = build(tmp_path, {"_data/measurements/vm-2core/ray.json": measurement(scale=3)}, confoverrides=CONFIG)
    assert before.isdisjoint(set(re.findall(r"_images/([^\"]+)", result.html("index"))))


def test_light_and_dark_differ_in_color_alone(tmp_path):
    light, dark = pictures(build_page(tmp_path, plot(**DISTRIBUTION))).values()
    shape = [re.sub(rb"#[0-9a-fA-F]{3,6}\b|[pmc][0-9a-f]{10}", b"", picture) for picture in (light, dark)]
    assert shape[0] == shape[1]


def contrast(first: str, second: str) -> float:
    """Contrast as WCAG defines it."""

    def luminance(color: str) -> float:
        channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("theme", "page"), [("light", "#ffffff"), ("dark", "#131416")])
def test_marks_and_text_stand_out(theme, page):
    colors = drawing.THEMES[theme]
    assert min(contrast(color, page) for color in colors.palette) >= 3
    assert contrast(colors.text, page) >= 7
    assert len(set(colors.palette)) == len(colors.palette) == len(drawing.MARKERS)


#: Machado, Oliveira and Fernandes 2009, severity 1: what is left of linear RGB without one kind of cones.
SIGHT = {
    "normal": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}


def lab(color: str, sight: list[list[float]]) -> tuple[float, float, float]:
    """A color in CIELAB (D65), as seen with one kind of sight."""
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    seen = [min(1, max(0, sum(a * b for a, b in zip(row, linear, strict=True)))) for row in sight]
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    xyz = [sum(a * b for a, b in zip(row, seen, strict=True)) for row in to_xyz]
    x, y, z = (
        v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116
        for v in (part / white for part, white in zip(xyz, (0.9505, 1, 1.089), strict=True))
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("theme", drawing.THEMES)
def test_colors_differ_to_every_kind_of_sight(theme, sight):
    seen = [lab(color, SIGHT[sight]) for color in drawing.THEMES[theme].palette]
    assert min(math.dist(one, other) for one, other in itertools.combinations(seen, 2)) >= 16


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"alt": None}, "option :alt: is missing"),
        ({"kind": None}, "option :kind: is missing"),
        ({"probes": None}, "option :probes: is missing"),
        ({"kind": "bar"}, "unknown kind 'bar'; did you mean 'bars'?"),
        ({"probes": "nope"}, "no probe matches 'nope' in ray"),
        ({"systems": "rai"}, "unknown system 'rai'; did you mean 'ray'?"),
        ({"probes": "task_cost.* memory.*"}, "one axis cannot show different units: size, time"),
        ({"kind": "payload"}, "has no payload size (parameter 'bytes')"),
    ],
)
def test_a_wrong_plot_is_one_error_with_its_line(tmp_path, options, message):
    chosen = {key: value for key, value in (DISTRIBUTION | options).items() if value}
    result = build_page(tmp_path, plot(**chosen))
    [line] = result.warnings.splitlines()
    assert "index.md:3: ERROR: {measurement-plot}: " in line
    assert message in line


def test_too_many_series(tmp_path):
    probes = {f"x__a{number}": {"unit": "s", "samples": [1.0]} for number in range(41)}
    files = book(
        f"# P\n\n{plot(**(DISTRIBUTION | {'probes': 'x.*'}))}\n",
        **{"_data/measurements/vm-2core/ray.json": measurement(**probes)},
    )
    assert "41 series are too many for one plot; at most 40" in build(tmp_path, files, confoverrides=CONFIG).warnings
