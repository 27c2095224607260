"""Render one diagram by hand: ``python -m book._ext.ppm_diagrams_node diagrams/ray/architecture.puml out.svg``."""

import argparse
import sys
from pathlib import Path

from . import Palette, PaletteError, PlantUmlFailure, SourceError, engine_from_environment, read_source, recolor
from .engine import ROOT, EngineMissing


def main() -> int:
    parser = argparse.ArgumentParser(prog="ppm_diagrams_node", description=__doc__)
    parser.add_argument("diagram", type=Path)
    parser.add_argument("svg", type=Path)
    parser.add_argument("--theme", choices=["light", "dark"], default="light")
    arguments = parser.parse_args()
    try:
        source = read_source(arguments.diagram)
        rendered = engine_from_environment().render({"diagram": source.text})["diagram"]
        if isinstance(rendered, PlantUmlFailure):
            path, line = source.origin(rendered.line or 1)
            raise SourceError(f"{path}:{line}: {rendered}")
        palette = Palette.read(ROOT / "diagrams" / "_style")
        try:
            arguments.svg.write_text(recolor(rendered, palette, arguments.theme), "utf8")
        except PaletteError as error:
            raise SourceError(f"{arguments.diagram}: {error}") from None
    except (SourceError, PaletteError, EngineMissing) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
