"""Text to Typst source, without a character of it being taken for markup."""

import re

# Every ASCII punctuation mark: Typst reads a backslash before any of them as the mark itself, so that line starts
# ("= ", "- ", "1. "), shorthands ("--", "~", "...") and links ("https://") need no rules of their own.
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
# Unicode line ends count as line ends in Typst, two of them as a paragraph's end; a no-break space stays.
_WHITESPACE = re.compile("[ \t\r\n\x0b\x0c\x1c-\x1f\x85\u2028\u2029]+")
_STRING = {
    "\\": r"\\",
    '"': r"\"",
    "\n": r"\n",
    "\r": r"\r",
    "\t": r"\t",
}
_STRING_SPECIAL = re.compile(r'[\\"\n\r\t]')
# Controls have no glyph, and XML in the PDF's metadata may not hold them.
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
# Where a long identifier, path or address may go to the next line.
_BREAK_AFTER = re.compile(r"(?<=[._/\\:=?&#,()\[\]@-])(?=[^\s])|(?<=[a-z])(?=[A-Z])")
_LONGEST_UNBROKEN = 20


def markup(text: str) -> str:
    """*text* as Typst markup that shows exactly it, runs of white space as one space."""
    return _PUNCTUATION.sub(r"\\\1", _WHITESPACE.sub(" ", _CONTROL.sub("", text)))


def string(text: str) -> str:
    """*text* as a Typst string literal."""
    return '"' + _STRING_SPECIAL.sub(lambda match: _STRING[match.group()], _CONTROL.sub("", text)) + '"'


def array(items) -> str:
    """A Typst array of expressions; one item needs the comma too."""
    return "(" + "".join(f"{item}, " for item in items) + ")"


def pieces(text: str) -> list[str]:
    """*text* cut where a line may end inside a word: after punctuation, before a capital, else every 20 characters."""
    cut = []
    for piece in _BREAK_AFTER.split(text):
        # A mark alone at the start of a line reads badly, so the short ones stay with what precedes them.
        if cut and (len(piece) < 2 or len(cut[-1]) < 3):
            cut[-1] += piece
        else:
            cut.append(piece)
    return [
        piece[start : start + _LONGEST_UNBROKEN]
        for piece in cut
        for start in range(0, max(len(piece), 1), _LONGEST_UNBROKEN)
    ]
