"""The rules for fences of the book, checked on the pages as MyST's own parser reads them.

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
from pathlib import Path

import yaml

from tools.pages import CONTAINERS, Fence, read_page, without_options

_OF_SPHINX = {
    "bibliography",
    "contents",
    "csv-table",
    "image",
    "index",
    "literalinclude",
    "math",
    "rubric",
    "toctree",
    "uml",
}
_OF_THE_BOOK = {
    "accepted-results",
    "contradictions",
    "cost-calculator",
    "decision-tree",
    "drills",
    "evidence-table",
    "measurement-plot",
    "measurement-table",
    "part-systems",
    "questions",
    "system-card",
    "system-table",
}
#: Directives that hold no Markdown and no code, or whose code other tests run.
LEAVES = {"button-link", "button-ref"} | _OF_SPHINX | _OF_THE_BOOK

TEXT_COMMENT = re.compile(r"%\s*(?:output|pseudo-code:\s*\S.*)$")
SKIP_COMMENT = re.compile(r"\s*%\s*skip:")
#: What may stand between a comment and the fence it is about.
BETWEEN = re.compile(r"\s*(?:%.*|\{[^{}`]*\})?$")

Problem = tuple[int, str]


def check_page(path: Path) -> list[Problem]:
    """Return every breach of the rules on the page at *path*, as ``(line, message)`` in the order of lines."""
    lines = path.read_text("utf8").splitlines()
    problems = []
    end = 0
    for fence in read_page(path).fences:
        problems += _check_fence(fence, lines)
        problems += _check_skips(fence, lines, end)
        end = fence.line
    problems += _check_skips(None, lines, end)
    return sorted(problems)


def _check_fence(fence: Fence, lines: list[str]) -> Iterator[Problem]:
    if fence.directive and not fence.language:
        if fence.directive not in CONTAINERS | LEAVES:
            yield (
                fence.line,
                f"directive {{{fence.directive}}} is not known to tools/fence_rules.py: say there what its content is",
            )
        return
    language = fence.language if fence.directive else fence.info
    check = CHECKS.get(language)
    if check is None:
        allowed = ", ".join(CHECKS)
        yield fence.line, f"a fence of language {language!r}: allowed are {allowed}, and known directives"
    elif language == "text":
        if not TEXT_COMMENT.match(_line_above(fence.line, lines)):
            yield fence.line, "a text fence needs '% output' or '% pseudo-code: reason' on the line before"
    else:
        content = without_options(fence.content) if fence.directive else fence.content
        for number, message in check(content):
            yield fence.line + number, f"{language}: {message}"


def _check_skips(fence: Fence | None, lines: list[str], after: int) -> Iterator[Problem]:
    """Check the skip comments between line *after* and *fence*: only blanks, comments and attributes may follow one."""
    above = lines[after : fence.line - 1] if fence else lines[after:]
    for number, line in enumerate(above):
        if not SKIP_COMMENT.match(line):
            continue
        if fence is None or fence.language != "python" or not all(map(BETWEEN.match, above[number:])):
            yield after + number + 1, "this skip is not followed by a python fence"


def _line_above(line: int, lines: list[str]) -> str:
    """Return the line above the fence that opens in *line*, over attributes such as ``{level=cited}``."""
    above = line - 2
    while above > 0 and lines[above].strip().startswith("{"):
        above -= 1
    return lines[above].strip() if above >= 0 else ""


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
