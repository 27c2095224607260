"""The colors of the diagrams, for light pages, dark pages and paper.

A palette is two PlantUML files beside the shared style, palette-light.puml and palette-dark.puml, which give the same
names different colors.  Diagrams are rendered in the light one; each color it has can be told by its value, so the
dark one needs no second rendering, and a picture in a web page follows the reader's switch of theme.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

_DEFINITION = re.compile(r"^\s*!\$(?P<name>\w+)\s*=\s*\"(?P<color>#[0-9A-Fa-f]{6})\"\s*$")
_COLOR = re.compile(r"#[0-9A-Fa-f]{3,8}\b")
_TRANSPARENT = re.compile(r"#[0-9A-Fa-f]{6}00$")
_PAINTS = ("fill", "stroke", "stop-color", "color")
#: How far labels of arrows are moved to the right, in px.
LABEL_SHIFT = 4
_SVG = "http://www.w3.org/2000/svg"
ElementTree.register_namespace("", _SVG)
ElementTree.register_namespace("xlink", "http://www.w3.org/1999/xlink")


class PaletteError(Exception):
    """A color that the palette lacks, or a palette that does not add up."""


@dataclass(frozen=True)
class Palette:
    """Name to color, in light and in dark; colors are lower case."""

    light: dict[str, str]
    dark: dict[str, str]

    @classmethod
    def read(cls, folder: Path) -> "Palette":
        """Read palette-light.puml and palette-dark.puml of the style folder."""
        light, dark = (_definitions(folder / f"palette-{theme}.puml") for theme in ("light", "dark"))
        if light.keys() != dark.keys():
            names = ", ".join(sorted(light.keys() ^ dark.keys()))
            raise PaletteError(f"{folder / 'palette-dark.puml'}:1: not the names of palette-light.puml: {names}")
        if len(set(light.values())) != len(light):
            raise PaletteError(f"{folder / 'palette-light.puml'}:1: two names have the same color")
        return cls(light, dark)

    def name(self, color: str) -> str:
        """The name of a light color."""
        for name, value in self.light.items():
            if value == color.lower():
                return name
        known = ", ".join(f"${name}" for name in self.light)
        raise PaletteError(f"color {color} is not in the book's palette, so it has no dark counterpart; use {known}")


def _definitions(path: Path) -> dict[str, str]:
    try:
        lines = path.read_text("utf8").splitlines()
    except OSError as error:
        raise PaletteError(f"{path}: {error.strerror}") from None
    return {match["name"]: match["color"].lower() for line in lines if (match := _DEFINITION.match(line))}


def _parse(svg: str) -> ElementTree.Element:
    """The root element, without what only PlantUML reads: its source in a comment, ids, titles, data attributes."""
    root = ElementTree.fromstring(svg.encode())
    for parent in root.iter():
        for child in list(parent):
            # A title is a tooltip that repeats an internal name; the picture has an alternative text.
            if child.tag == f"{{{_SVG}}}title":
                parent.remove(child)
        used = " ".join(value for element in root.iter() for value in element.attrib.values())
        for name in list(parent.attrib):
            if name.startswith("data-") or (name == "id" and f"#{parent.attrib[name]}" not in used):
                del parent.attrib[name]
        family = parent.get("font-family")
        if family:
            mono = re.search(r"mono|courier", family, re.I)
            parent.set("font-family", "DejaVu Sans Mono, monospace" if mono else "DejaVu Sans, Verdana, sans-serif")
    for name in ("contentStyleType", "preserveAspectRatio", "version", "zoomAndPan", "style"):
        root.attrib.pop(name, None)
    return root


def _clear_labels(root: ElementTree.Element, palette: Palette) -> None:
    """Move the labels of arrows away from their lines, which Graphviz lets them touch, and in front of them."""
    for group in root.iter(f"{{{_SVG}}}g"):
        if "link" in group.get("class", "").split():
            for text in group.iter(f"{{{_SVG}}}text"):
                text.set("x", f"{float(text.get('x', 0)) + LABEL_SHIFT:g}")
                text.attrib |= {"stroke": palette.light["ground"], "stroke-width": "3", "paint-order": "stroke"}


def _replace_colors(root: ElementTree.Element, replace) -> None:
    def color(match: re.Match) -> str:
        return "none" if _TRANSPARENT.fullmatch(match[0]) else replace(match[0])

    for element in root.iter():
        for name in (*_PAINTS, "style"):
            value = element.get(name)
            if value and not value.startswith("url("):
                element.set(name, _COLOR.sub(color, value))


def recolor(svg: str, palette: Palette, theme: str) -> str:
    """A picture that stands alone, in the colors of ``theme`` ("light" or "dark")."""
    root = _parse(svg)
    _clear_labels(root, palette)
    _replace_colors(root, lambda color: getattr(palette, theme)[palette.name(color)])
    return ElementTree.tostring(root, encoding="unicode")


def inline_svg(svg: str, palette: Palette, alt: str, prefix: str) -> str:
    """A picture to stand in a web page: its colors are CSS variables, its ids start with ``prefix``."""
    root = _parse(svg)
    _clear_labels(root, palette)
    _replace_colors(root, lambda color: f"var(--diagram-{palette.name(color)})")
    for element in root.iter():
        # var() belongs to CSS; in an attribute it is understood by fewer readers.
        paints = [f"{name}:{element.attrib.pop(name)}" for name in _PAINTS if "var(" in element.get(name, "")]
        if paints:
            element.set("style", ";".join([*paints, *filter(None, [element.get("style", "").strip(";")])]))
        for name, value in element.attrib.items():
            if name == "id":
                element.set(name, prefix + value)
            elif "url(#" in value or (name.endswith("href") and value.startswith("#")):
                element.set(name, value.replace("#", f"#{prefix}"))
    width = float(re.sub(r"[^\d.]", "", root.get("width", "0")) or 0)
    # Shrinks a little on a small screen, then scrolls: smaller it could not be read.
    root.set("style", f"width:100%;height:auto;max-width:{width:g}px;min-width:{width * 0.8:.0f}px")
    root.set("role", "img")
    root.set("aria-label", alt)
    return ElementTree.tostring(root, encoding="unicode")


def css(palette: Palette, selector: str = "body") -> str:
    """The CSS variables that ``inline_svg`` uses, in both themes, switched as furo switches."""

    def variables(colors: dict[str, str]) -> str:
        return "".join(f"--diagram-{name}:{color};" for name, color in colors.items())

    dark = variables(palette.dark)
    return (
        f"{selector}{{{variables(palette.light)}}}\n"
        "@media not print{\n"
        f'{selector}[data-theme="dark"]{{{dark}}}\n'
        f'@media (prefers-color-scheme:dark){{{selector}:not([data-theme="light"]){{{dark}}}}}\n'
        "}\n"
    )
