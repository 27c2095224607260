"""Code to Typst: Pygments tokens in the colors of the book's light style."""

from docutils import nodes
from pygments import lex
from pygments.lexer import Lexer
from pygments.styles import get_style_by_name
from pygments.token import STANDARD_TYPES, _TokenType
from sphinx.config import Config
from sphinx.highlighting import PygmentsBridge

from . import escape

# Only a line that may not fit its box needs places to break and a mark where it goes on.
LONG_LINE = 56
_LONG_WORD = 24


class Highlighter:
    """Lines of code as Typst expressions; every look of a token becomes one function, defined by `palette`."""

    def __init__(self, config: Config) -> None:
        style = config.pygments_style or "default"
        self._bridge = PygmentsBridge("html", style)
        self._style = get_style_by_name(style)
        self._functions: dict[str, str] = {}
        self._of_token: dict[_TokenType, str | None] = {}

    def lines(self, code: str, language: str, node: nodes.Element, *, force: bool = False) -> list[str]:
        """One expression ``(indent, long, content)`` for each line of *code*."""
        lexer: Lexer = self._bridge.get_lexer(code, language, None, force, node)
        lines: list[list[tuple[_TokenType, str]]] = [[]]
        for token, value in lex(code, lexer):
            for number, piece in enumerate(value.split("\n")):
                if number:
                    lines.append([])
                if piece:
                    lines[-1].append((token, piece))
        count = code.rstrip("\n").count("\n") + 1
        return [self._line(tokens) for tokens in lines[:count]]

    def palette(self) -> str:
        """Definitions of the functions that the lines call."""
        return "".join(f"#let {name} = text.with({look})\n" for look, name in self._functions.items())

    def _line(self, tokens: list[tuple[_TokenType, str]]) -> str:
        text = "".join(value for _, value in tokens)
        long = len(text) > LONG_LINE
        body = "; ".join(self._token(token, value, long) for token, value in _merged(tokens))
        indent = len(text) - len(text.lstrip(" "))
        return f"({indent}, {str(long).lower()}, {{{body}}})"

    def _token(self, token: _TokenType, value: str, long: bool) -> str:
        function = self._function(token)
        parts = (
            [
                escape.string(part)
                for word in _words(value)
                for part in (escape.pieces(word) if long and len(word) > _LONG_WORD else [word])
            ]
            if long
            else [escape.string(value)]
        )
        content = parts[0] if len(parts) == 1 else "{" + "; z; ".join(parts) + "}"
        return f"{function}({content})" if function else content

    def _function(self, token: _TokenType) -> str | None:
        if token not in self._of_token:
            look = self._look(token)
            arguments = []
            if look["color"]:
                arguments.append(f'fill: rgb("#{look["color"]}")')
            if look["bold"]:
                arguments.append('weight: "bold"')
            if look["italic"]:
                arguments.append('style: "italic"')
            self._of_token[token] = (
                self._functions.setdefault(", ".join(arguments), f"k{len(self._functions)}") if arguments else None
            )
        return self._of_token[token]

    def _look(self, token: _TokenType) -> dict:
        """The style of *token*, or of the nearest kind above it that the style knows: lexers make kinds."""
        while token.parent and token not in STANDARD_TYPES:
            token = token.parent
        return self._style.style_for_token(token)


def _merged(tokens: list[tuple[_TokenType, str]]) -> list[tuple[_TokenType, str]]:
    """Neighbors of one type as one token: fewer, longer runs."""
    merged: list[tuple[_TokenType, str]] = []
    for token, value in tokens:
        if merged and merged[-1][0] is token:
            merged[-1] = (token, merged[-1][1] + value)
        else:
            merged.append((token, value))
    return merged


def _words(value: str) -> list[str]:
    """*value* cut after each run of spaces."""
    words, start = [], 0
    for position in range(1, len(value)):
        if value[position - 1] == " " and value[position] != " ":
            words.append(value[start:position])
            start = position
    words.append(value[start:])
    return words
