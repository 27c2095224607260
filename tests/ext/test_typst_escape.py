"""ppm_typst.escape: whatever a page says is printed, not run."""

import random

import pypdf
import pytest
import typst
from ppm_typst import escape

NASTY = [
    "= not a heading",
    "- not a list",
    "+ not a list",
    "/ not: a term",
    "1. not a list",
    "*a* _b_ `c` ``d`` ```e```",
    '#import "x"; #{1 + 1} #(1) #a.b',
    "$x^2$ and \\$5",
    "<label> @reference",
    "[brackets] ] [ ( { } )",
    "// comment /* comment */ https://example.org/a//b",
    "a~b -- c --- d ... e -? f -- ?",
    "\"double\" 'single' it's",
    "back\\slash \\u{41} \\n \\\\ ends with \\",
    "%TeX & ^ | ! ? ; : , .",
    "tab\there",
    "Ünïcödé “quotes” — dashes … ≥ 5 × 10³ µs",
    "#",
    "\\",
    "]",
]


def text_of(source: str, tmp_path) -> str:
    path = tmp_path / "text.pdf"
    fonts = '#set text(font: ("Libertinus Serif", "DejaVu Sans Mono"))\n#set smartquote(enabled: false)\n'
    typst.compile((fonts + source).encode("utf8"), output=path, ignore_system_fonts=True)
    return "".join(page.extract_text() for page in pypdf.PdfReader(path).pages)


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("text", NASTY)
def test_markup_prints_the_text_itself(text, tmp_path):
    expected = squeezed(text)
    # Content blocks and line starts are where Typst's marks mean most.
    assert squeezed(text_of(f"#emph[{escape.markup(text)}]", tmp_path)) == expected
    assert squeezed(text_of(escape.markup(text), tmp_path)) == expected


def test_strings_print_the_text_itself(tmp_path):
    for text in NASTY:
        assert squeezed(text_of(f"#{escape.string(text)}", tmp_path)) == squeezed(text)


def test_random_ascii_prints_itself(tmp_path):
    alphabet = [chr(code) for code in range(0x20, 0x7F)]
    chance = random.Random(20261123)
    lines = ["".join(chance.choices(alphabet, k=40)) for _ in range(60)]
    source = "#set page(width: 60cm)\n" + "\n\n".join(f"#par[{escape.markup(line)}]" for line in lines)
    printed = squeezed(text_of(source, tmp_path))
    assert printed == squeezed("".join(lines))


def test_white_space_is_one_space_and_never_a_paragraph():
    assert escape.markup("a\n\n  b\t\u2028\u2028c") == "a b c"
    assert escape.markup("a\u00a0b") == "a\u00a0b"


def test_control_characters_are_dropped():
    assert escape.markup("a\x00\x1bb") == "ab"
    assert escape.string("a\x00b") == '"ab"'


def test_pieces_are_the_text_again_and_short():
    for text in (*NASTY, "5f3a9c0e" * 9, "https://docs.ray.io/en/latest/ray-core/fault_tolerance.html", "x", ""):
        cut = escape.pieces(text)
        assert "".join(cut) == text
        assert all(len(piece) <= 20 for piece in cut)


def test_arrays_of_one_item_stay_arrays():
    assert escape.array(["1"]) == "(1, )"
    assert escape.array([]) == "()"
