"""Advance widths of the DejaVu fonts, for measuring text without a browser."""

from pathlib import Path

from fontTools.ttLib import TTFont

#: The faces of the diagrams: name in dom.mjs to file in the npm package dejavu-fonts-ttf.
FACES = {
    "sans": "DejaVuSans.ttf",
    "sans-bold": "DejaVuSans-Bold.ttf",
    "mono": "DejaVuSansMono.ttf",
    "mono-bold": "DejaVuSansMono-Bold.ttf",
}


def read_metrics(fonts: Path) -> dict[str, dict]:
    """Read each face's units per em, ascent, descent and the advance width of every character it has."""
    metrics = {}
    for name, filename in FACES.items():
        with TTFont(fonts / filename, lazy=True) as font:
            widths = font["hmtx"].metrics
            metrics[name] = {
                "unitsPerEm": font["head"].unitsPerEm,
                "ascent": font["hhea"].ascent,
                "descent": -font["hhea"].descent,
                "missing": widths[".notdef"][0],
                "advances": {code: widths[glyph][0] for code, glyph in font.getBestCmap().items()},
            }
    return metrics
