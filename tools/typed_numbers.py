"""Find quantities that somebody typed into prose about a system, where only measured, sourced or cited ones may stand.

Run as ``python -m tools.typed_numbers [PAGE …]``.

A *quantity* is a number, in digits or in words, with a unit of time, size or rate, with ``%``, ``times`` or
``-fold``, or with what the register counts (packages).  It is an error in a sentence about a system: every sentence
of a system's page, and every other sentence that names a system.  It is none where

* a role gives it (``{measured}``, ``{fact}``, ``{claim}``) or it stands in code or in math;
* the sentence cites its source with ``{cite:…}``;
* it is marked as given, which is chosen by the writer and no property of a system: a parameter of an example, a rule of
  thumb of this book: ``[200 ms]{.given}``.

Versions, dates, ordinals, section numbers and bare counts carry no such unit and are no quantities.
The cells of one row of a table are one sentence.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

from tools.pages import CONTAINERS, EXTENSIONS, ROOT, find_pages

_WORDS = (
    "half|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|seventy"
    "|eighty|ninety|(?:a )?hundred|(?:a )?thousand|(?:a )?million|(?:a )?billion|(?:a )?dozen"
)
_SPACE = r"[\s\u00a0\u202f]*"
_DIGITS = r"(?<![\w.,-])(?:\d[\d,\u202f]*(?:\.\d+)?(?:e[+-]?\d+)?)"
_RANGE = (
    rf"{_DIGITS}(?:{_SPACE}(?:[–-]|to|or|and){_SPACE}\d[\d,]*(?:\.\d+)?)?(?:\s(?:hundred|thousand|million|billion))?"
)
_TIME = r"(?:nano|micro|milli)?seconds?|minutes?|hours?|days?|weeks?"
_SIZE = r"(?:kilo|mega|giga|tera|kibi|mebi|gibi)?(?:bytes?|bits?)"
_SYMBOLS = r"ns|µs|μs|us|ms|s|sec|min|h|B|[kKMGT]i?B|[kMG]?bit|[kMG]?Hz"
_RATE = r"(?:\w+\s){0,2}(?:per|a|each)\s(?:second|minute|hour)|\w*/(?:s|sec|min|h)"
_END = r"(?![\w-])"
_COUNTED = r"packages|distributions|dependencies"

QUANTITY = re.compile(
    "|".join(
        (
            rf"{_RANGE}{_SPACE}(?:%|percent\b|×|[x×]\b)",
            rf"{_RANGE}{_SPACE}(?:(?:{_RATE}|{_SYMBOLS}){_END}|-?(?:{_TIME}|{_SIZE}|times|fold){_END})",
            rf"{_RANGE}{_SPACE}(?:{_COUNTED}){_END}",
            # In words: units that are words, and ratios.
            rf"\b(?:{_WORDS})(?:\s+(?:an?|of an?))?(?:\s+(?:hundred|thousand|million))?"
            rf"[\s-](?:{_TIME}|{_SIZE}|percent|times){_END}",
            rf"\b(?:{_WORDS})-?fold\b",
            r"\b(?:hundreds|thousands|millions) of times\b",
            r"\b(?:twice|thrice|double|triple|half)\s(?:as\s\w+|the\s(?:time|size|memory|cost|price|speed|throughput|rate))\b",
        )
    ),
    re.IGNORECASE,
)
#: Names of measures, of which the number is a part.
_NAME = re.compile(r"METG\(50\s?%\)|95\s?%\s(?:confidence\s)?intervals?")
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"”’')\]]*\s+(?=[\"“‘'(\[]*[A-Z\ufffc])")
_CAPTION = re.compile(r":caption:\s*(?P<text>.*)")
_DIRECTIVE = re.compile(r"\{(?P<name>[^}\s]+)\}")
_HOLE = "\ufffc"  # stands for a role or code, so that a sentence keeps its shape


@dataclass(frozen=True)
class TypedNumber:
    """A quantity that may not stand where it stands."""

    path: Path
    line: int
    quantity: str
    system: str

    def __str__(self) -> str:
        return (
            f"{self.path}:{self.line}: typed number {self.quantity!r} in a sentence about {self.system}: show it with"
            " {measured}, {fact} or {claim}, cite its source in the sentence, or mark a number that the example itself"
            f" sets: [{self.quantity}]{{.given}}"
        )


@dataclass
class Passage:
    """Text of one paragraph, heading or row of a table, with what the check must know of each character."""

    text: str = ""
    lines: list[int] = field(default_factory=list)
    names: list[tuple[int, str]] = field(
        default_factory=list
    )  # place and text of roles and code, which may name a system
    citations: list[int] = field(default_factory=list)

    def add(self, text: str, line: int) -> None:
        """Append text that stands on a line."""
        self.text += text
        self.lines += [line] * len(text)

    def sentences(self) -> Iterator[tuple[int, int]]:
        """Yield where each sentence starts and ends."""
        start = 0
        for match in _SENTENCE_END.finditer(self.text):
            yield start, match.end()
            start = match.end()
        yield start, len(self.text)


@cache
def _parser() -> MarkdownIt:
    return create_md_parser(MdParserConfig(enable_extensions=EXTENSIONS), RendererHTML)


def _read_inline(token: Token, line: int, passage: Passage) -> None:
    given = 0  # depth of [...]{.given}
    spans: list[bool] = []
    for child in token.children or ():
        if child.type == "span_open":
            spans.append("given" in str(child.attrs.get("class", "")).split())
            given += spans[-1]
        elif child.type == "span_close":
            given -= spans.pop()
        elif child.type in ("softbreak", "hardbreak"):
            passage.add("\n", line)
            line += 1
        elif child.type == "text":
            passage.add(_HOLE if given else _NAME.sub(_HOLE, child.content), line)
        elif child.type in ("code_inline", "myst_role"):
            place = len(passage.text)
            passage.names.append((place, child.content))
            if child.type == "myst_role" and child.meta["name"].partition(":")[0] == "cite":
                passage.citations.append(place)
            passage.add(_HOLE, line)
            line += child.content.count("\n")
        elif child.type not in ("link_open", "link_close", "em_open", "em_close", "strong_open", "strong_close"):
            passage.add(_HOLE if child.type.startswith("math") else "", line)


def passages(text: str, offset: int = 0) -> Iterator[Passage]:
    """Yield the prose of a page; *offset* is the number of lines before *text*."""
    row: Passage | None = None
    for token in _parser().parse(text):
        line = (token.map[0] if token.map else 0) + offset + 1
        if token.type == "tr_open":
            row = Passage()
        elif token.type == "tr_close" and row is not None:
            yield row
            row = None
        elif token.type == "inline":
            passage = row or Passage()
            _read_inline(token, line, passage)
            if row is None:
                yield passage
            else:
                row.add(" | ", line)
        elif token.type in ("fence", "colon_fence"):
            yield from _directive(token, line)


def _directive(token: Token, line: int) -> Iterator[Passage]:
    """Yield the prose in a directive: its caption, and its content where that is Markdown."""
    match = _DIRECTIVE.match(token.info.strip())
    if not match:
        return
    lines = token.content.splitlines()
    for index, content in enumerate(lines):
        if caption := _CAPTION.match(content.strip()):
            yield from passages(caption["text"], line + index)
        if not content.strip().startswith(":"):
            break
        lines[index] = ""
    if match["name"] in CONTAINERS:
        yield from passages("\n".join(lines), line)


def load_names(root: Path = ROOT) -> dict[str, set[str]]:
    """Return the words that name each system, and all else that is measured, in prose."""
    names = {}
    data_folder = root / "book" / "_data"
    for path in [*sorted(data_folder.glob("systems/*.toml")), *sorted(data_folder.glob("measured/*.toml"))]:
        data = tomllib.loads(path.read_text("utf8"))
        names[path.stem] = {data["name"], *data.get("aliases", ())}
    return names


def _system_in(passage: Passage, start: int, end: int, names: dict[str, set[str]]) -> str | None:
    """Return the system that a sentence names, in text, in code or in a role."""
    text = passage.text[start:end]
    marked = " ".join(content for place, content in passage.names if start <= place < end)
    for system, words in names.items():
        pattern = "|".join(map(re.escape, sorted(words)))
        # In code and in references the id names it too: `ray.init()`, {ref}`ray-performance`.
        if re.search(rf"(?<!\w)(?:{pattern})(?!\w)", f"{text} {marked}") or re.search(
            rf"(?<![\w-]){re.escape(system)}(?!\w)", marked
        ):
            return system
    return None


def check_text(text: str, path: Path, names: dict[str, set[str]]) -> list[TypedNumber]:
    """Return the typed numbers of a page; the page of a system is about it in every sentence."""
    found = []
    own = path.stem if path.stem in names else None
    for passage in passages(text):
        for start, end in passage.sentences():
            if any(start <= place < end for place in passage.citations):
                continue
            quantities = list(QUANTITY.finditer(passage.text, start, end))
            if not quantities:
                continue
            system = own or _system_in(passage, start, end, names)
            if system:
                found += [
                    TypedNumber(path, passage.lines[match.start()], " ".join(match.group().split()), system)
                    for match in quantities
                ]
    return found


def check_pages(paths: Iterable[Path], root: Path = ROOT) -> list[TypedNumber]:
    """Return the typed numbers of pages, with paths as seen from the root."""
    names = load_names(root)
    shown = {path: path.relative_to(root) if path.is_relative_to(root) else path for path in paths}
    return [number for path in shown for number in check_text(path.read_text("utf8"), shown[path], names)]


def main(arguments: list[str]) -> int:
    """Print the typed numbers of the pages named, or of the book."""
    found = check_pages([Path(name) for name in arguments] or find_pages())
    print(*found, sep="\n", end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
