"""The rules for fences of the book, checked on the tokens of MyST's own parser.

A fence is run (``python``), parsed (``console``, ``yaml``, ``toml``, ``json``, ``ini``), declared as output or
pseudo-code (``text``), or a directive known here.  Nothing else is allowed, so that no code stands in the book that
nothing has checked.
"""

from __future__ import annotations

import configparser
import json
import re
import shlex
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import yaml
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

#: Directives whose content is Markdown, in which other fences may stand.
CONTAINERS = {
    *("admonition", "attention", "caution", "danger", "error", "hint", "important", "note", "seealso", "tip", "warning"),
    *("card", "card-carousel", "dropdown", "grid", "grid-item", "grid-item-card", "tab-item", "tab-set"),
    *("container", "div", "epigraph", "figure", "glossary", "list-table", "only", "rst-class", "rubric", "sidebar"),
    *("deprecated", "versionadded", "versionchanged", "table", "topic"),
}

#: Directives that hold no Markdown and no code, or whose code other tests run.
LEAVES = {
    *("bibliography", "button-link", "button-ref", "contents", "csv-table", "image", "index", "math", "toctree", "uml"),
    *("evidence-table", "literalinclude", "measurement-plot", "measurement-table", "system-card", "system-table"),
}

EXTENSIONS = {"attrs_block", "attrs_inline", "colon_fence", "deflist", "dollarmath", "fieldlist"}

DIRECTIVE = re.compile(r"\{([\w:-]+)\}\s*(.*)")
SKIP_COMMENT = re.compile(r"skip:")
TEXT_COMMENT = re.compile(r"%\s*(?:output|pseudo-code:\s*\S.*)$")
ATTRIBUTES = re.compile(r"\{[^{}]*\}$")


@dataclass(frozen=True)
class Fence:
    """One fence; *line* is that of its opening, *content* starts on the line after it."""

    line: int
    language: str
    content: str


@dataclass(frozen=True)
class Page:
    """What a page's fences are and what is wrong with them, as ``(line, message)``."""

    fences: list[Fence]
    problems: list[tuple[int, str]]


def check_page(text: str) -> Page:
    """Return the fences of the MyST page *text* and every breach of the rules."""
    page = Page([], [])
    lines = text.splitlines()
    _check_tokens(text, 0, lines, page)
    page.problems.sort()
    return page


def _check_tokens(text: str, offset: int, lines: list[str], page: Page) -> None:
    parser = create_md_parser(MdParserConfig(enable_extensions=EXTENSIONS), RendererHTML)
    skip: int | None = None
    for token in parser.parse(text):
        if token.map is None or token.nesting < 0:
            continue
        line = offset + token.map[0] + 1
        if token.type == "myst_line_comment":
            found = [offset + token.map[0] + n + 1 for n, row in enumerate(token.content.splitlines()) if _is_skip(row)]
            skip = found[-1] if found else skip
            continue
        if token.type in ("fence", "colon_fence"):
            language = _check_fence(token, line, lines, page)
            if skip is not None and language != "python":
                page.problems.append((skip, "this skip is not followed by a python fence"))
            skip = None
        elif token.type == "code_block":
            page.problems.append((line, "indented code block: use a fence with a language"))
        elif skip is not None and token.type not in ("attrs_block", "attrs_block_open", "paragraph_open", "inline"):
            page.problems.append((skip, "this skip is not followed by a python fence"))
            skip = None


def _is_skip(row: str) -> bool:
    return bool(SKIP_COMMENT.match(row.lstrip("% \t")))


def _check_fence(token: Token, line: int, lines: list[str], page: Page) -> str:
    """Check one fence and return its language, ``python`` for a ``{code-block} python`` too."""
    info = token.info.strip()
    if directive := DIRECTIVE.fullmatch(info):
        name, argument = directive.groups()
        if name == "code-block":
            return _check_code(argument.strip(), _strip_options(token.content), line, lines, page)
        if name in CONTAINERS:
            _check_tokens(token.content, line, lines, page)
        elif name not in LEAVES:
            page.problems.append(
                (line, f"directive {{{name}}} is not known to tools/fence_rules.py: say there what its content is")
            )
        return name
    return _check_code(info, token.content, line, lines, page)


def _check_code(language: str, content: str, line: int, lines: list[str], page: Page) -> str:
    page.fences.append(Fence(line, language, content))
    check = CHECKS.get(language)
    if check is None:
        allowed = ", ".join(CHECKS)
        page.problems.append((line, f"a fence of language {language!r}: allowed are {allowed}, and known directives"))
    elif language == "text":
        if not TEXT_COMMENT.match(_line_above(line, lines)):
            page.problems.append((line, "a text fence needs '% output' or '% pseudo-code: reason' on the line before"))
    else:
        page.problems.extend((line + number, f"{language}: {message}") for number, message in check(content))
    return language


def _line_above(line: int, lines: list[str]) -> str:
    """Return the line above the fence that opens in *line*, over attributes such as ``{level=cited}``."""
    above = line - 2
    while above > 0 and ATTRIBUTES.match(lines[above].strip()):
        above -= 1
    return lines[above].strip() if above >= 0 else ""


def _strip_options(content: str) -> str:
    """Blank the option lines of a directive, so that lines keep their numbers."""
    rows = content.splitlines(keepends=True)
    for number, row in enumerate(rows):
        if not re.match(r"\s*:[\w-]+:", row):
            break
        rows[number] = "\n"
    return "".join(rows)


def _check_python(content: str) -> Iterator[tuple[int, str]]:
    rows = content.splitlines()
    filled = [row for row in rows if row.strip()]
    if not filled:
        yield 0, "an empty fence"
    elif not filled[0].startswith(">>>"):
        for number, row in enumerate(rows, 1):
            if row.startswith(">>> "):
                yield number, "a session stands alone in its fence and starts with >>>"
                return


def _check_console(content: str) -> Iterator[tuple[int, str]]:
    command, start = "", 0
    for number, row in enumerate(content.splitlines(), 1):
        if not row.strip():
            continue
        if not command and not row.startswith("$ "):
            yield number, "a line without the prompt '$ ': output stands in a text fence after '% output'"
            continue
        start = start or number
        command += (row if command else row[2:]).removesuffix("\\")
        if row.endswith("\\"):
            continue
        yield from _check_command(command, start)
        command, start = "", 0
    if command:
        yield start, "the last command ends in a backslash"


def _check_command(command: str, number: int) -> Iterator[tuple[int, str]]:
    try:
        words = shlex.split(command, comments=True)
    except ValueError as error:
        yield number, f"{command!r}: {error}"
    else:
        if not words:
            yield number, "no command after the prompt"


def _parses(load: Callable[[str], object], *errors: type[Exception]) -> Callable[[str], Iterator[tuple[int, str]]]:
    def check(content: str) -> Iterator[tuple[int, str]]:
        try:
            load(content)
        except errors as error:
            yield 0, " ".join(str(error).split())

    return check


#: The languages allowed, each with a check that yields ``(line in the fence, message)``.
CHECKS: dict[str, Callable[[str], Iterator[tuple[int, str]]]] = {
    "python": _check_python,
    "console": _check_console,
    "yaml": _parses(lambda content: list(yaml.safe_load_all(content)), yaml.YAMLError),
    "toml": _parses(tomllib.loads, tomllib.TOMLDecodeError),
    "json": _parses(json.loads, json.JSONDecodeError),
    "ini": _parses(lambda content: configparser.ConfigParser().read_string(content), configparser.Error),
    "text": lambda content: iter(()),
}
