"""The Markdown of the book as the structure tests and the lock of ids see it: headings, labels and fences with lines.

MyST's own tokenizer reads the pages, so that a label in a fence or in a comment is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

ROOT = Path(__file__).resolve().parent.parent

EXTENSIONS = {"attrs_block", "attrs_inline", "colon_fence", "deflist", "dollarmath", "fieldlist"}  # as in conf.py

_ADMONITIONS = {"admonition", "attention", "caution", "danger", "error", "hint", "important", "note", "tip", "warning"}
_LAYOUT = {"card", "card-carousel", "dropdown", "grid", "grid-item", "grid-item-card", "tab-item", "tab-set"}
_BLOCKS = {"container", "div", "figure", "glossary", "list-table", "only", "seealso", "sidebar", "table", "topic"}
#: Directives whose content is Markdown, in which other fences may stand.
CONTAINERS = _ADMONITIONS | _LAYOUT | _BLOCKS

_DIRECTIVE = re.compile(r"\{(?P<name>[^}\s]+)\}\s*(?P<argument>.*)")
_OPTION = re.compile(r":(?P<name>[\w-]+):\s*(?P<value>.*)")


@dataclass(frozen=True)
class Heading:
    """A heading with the label directly before it, if it has one."""

    level: int
    title: str
    line: int
    label: str | None


@dataclass(frozen=True)
class Fence:
    """A fence: plain code (``language``) or a directive (``directive``, ``argument``, ``options``)."""

    line: int
    info: str
    content: str

    @property
    def directive(self) -> str:
        """Name of the directive, or the empty string for plain code."""
        match = _DIRECTIVE.match(self.info)
        return match["name"] if match else ""

    @property
    def argument(self) -> str:
        """What follows the directive's name."""
        match = _DIRECTIVE.match(self.info)
        return match["argument"].strip() if match else ""

    @property
    def language(self) -> str:
        """Language of the code, of a plain fence and of ``{code-block}`` alike; empty for other directives."""
        if self.directive in ("code-block", "code"):
            return self.argument
        return "" if self.directive else self.info.split(" ")[0]

    @property
    def options(self) -> dict[str, str]:
        """The ``:name: value`` lines at the head of a directive."""
        found = {}
        for line in self.content.splitlines():
            match = _OPTION.match(line.strip())
            if not match:
                break
            found[match["name"]] = _unquoted(match["value"].strip())
        return found


def _unquoted(value: str) -> str:
    """The value of an option as MyST reads it: YAML, in which an unquoted # starts a comment."""
    if value[:1] in ("'", '"') and value[-1:] == value[:1]:
        return value[1:-1]
    return "" if value.startswith("#") else value.partition(" #")[0].rstrip()


@dataclass(frozen=True)
class Page:
    """One Markdown file of the book."""

    path: Path
    headings: tuple[Heading, ...]
    fences: tuple[Fence, ...]
    prose: tuple[tuple[int, str], ...]  # line and text of each line that is neither code nor comment

    def section(self, label: str) -> tuple[int, int]:
        """First line of the section with *label* and the line after its last; raises KeyError."""
        for index, heading in enumerate(self.headings):
            if heading.label == label:
                after = [h.line for h in self.headings[index + 1 :] if h.level <= heading.level]
                return heading.line, after[0] if after else 10**9
        raise KeyError(label)


@cache
def _parser() -> MarkdownIt:
    return create_md_parser(MdParserConfig(enable_extensions=EXTENSIONS), RendererHTML)


def read_page(path: Path) -> Page:
    """Read one page."""
    headings: list[Heading] = []
    fences: list[Fence] = []
    prose: list[tuple[int, str]] = []
    _collect(path.read_text("utf8"), 0, headings, fences, prose)
    return Page(path, tuple(headings), tuple(fences), tuple(prose))


def _collect(text: str, offset: int, headings: list, fences: list, prose: list) -> None:
    """Collect from *text*, which starts *offset* lines into its page."""
    tokens = _parser().parse(text)
    label: str | None = None
    for index, token in enumerate(tokens):
        line = (token.map[0] if token.map else 0) + offset + 1
        if token.type == "myst_target":
            label = token.content
            continue
        if token.type == "heading_open":
            headings.append(Heading(int(token.tag[1:]), tokens[index + 1].content, line, label))
        elif token.type in ("fence", "colon_fence", "code_block"):  # indented code is a fence without a language
            _collect_fence(token, line, headings, fences, prose)
        elif token.type == "inline":
            prose += enumerate(token.content.splitlines(), line)
        if token.type not in ("heading_close", "inline"):
            label = None


def _collect_fence(token: Token, line: int, headings: list, fences: list, prose: list) -> None:
    fence = Fence(line, token.info.strip(), token.content)
    fences.append(fence)
    if fence.directive in CONTAINERS:
        # What stands in a tab or a note is part of the page; the options of the tab are not.
        _collect(without_options(fence.content), line, headings, fences, prose)


def without_options(content: str) -> str:
    """*content* with its option lines blank, so that lines keep their numbers."""
    lines = content.splitlines()
    for index, text in enumerate(lines):
        if not _OPTION.match(text.strip()):
            break
        lines[index] = ""
    return "\n".join(lines) + "\n"


def find_pages(root: Path = ROOT) -> list[Path]:
    """Every Markdown file of the book, sorted."""
    book = root / "book"
    return sorted(path for path in book.rglob("*.md") if not path.relative_to(book).parts[0].startswith("_"))


def read_pages(root: Path = ROOT) -> Iterator[Page]:
    """Every page of the book, in order of path."""
    yield from map(read_page, find_pages(root))
