"""ppm_typst: what stands between the headings."""

import re

import pytest
from docutils import nodes
from ppm_typst import texmath
from pygments.styles import get_style_by_name
from pygments.token import Keyword
from typst_pdf import CONFIG, extension, one_page, print_book

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="100"><rect width="400" height="100" fill="red"/></svg>'
)


def chapter(book) -> str:
    """The words of the chapter, with single spaces."""
    assert not book.build.error and not book.build.warnings, book.build.error or book.build.warnings
    start = next(number for number, page in enumerate(book.pages) if "1\nChapter" in page)
    return " ".join("\n".join(book.pages[start:]).split())


def everything(tmp_path, text, files=None, **config):
    return chapter(one_page(tmp_path, text, files, **config))


# Words and links


def test_inline_markup_keeps_its_words(tmp_path):
    text = everything(tmp_path, "*a* **b** `c` {sub}`d` {sup}`e` {kbd}`F` {abbr}`GIL (lock)` {bdg-primary}`native`.")
    assert "a b c d e F GIL (lock) native ." in text


def test_hard_line_breaks(tmp_path):
    book = one_page(tmp_path, "one\\\ntwo")
    assert not book.build.warnings and "one\ntwo" in book.pages[-1]


def test_long_code_breaks_without_strange_characters(tmp_path):
    name = "distributed_computing." * 8 + "end"
    book = one_page(tmp_path, f"Words before it and then `{name}` and words after.")
    printed = "".join(book.text.split())
    assert name in printed and "\u200b" not in book.text and "\u00ad" not in book.text


def test_external_links_print_their_address_once_a_chapter(tmp_path):
    book = one_page(tmp_path, "[Ray](https://docs.ray.io/x) and [again](https://docs.ray.io/x); <https://dask.org/>.")
    assert book.text.count("https://docs.ray.io/x") == 1
    assert book.text.count("dask.org") == 1
    assert book.links().count("https://docs.ray.io/x") >= 3


def test_links_in_headings_have_no_footnote(tmp_path):
    book = one_page(tmp_path, "## See [Ray](https://docs.ray.io/x)\n\nText.")
    assert "https://docs.ray.io/x" not in book.text and "https://docs.ray.io/x" in book.links()


def test_characters_without_a_glyph_stop_the_build_with_file_and_line(tmp_path):
    book = one_page(tmp_path, "Fine.\n\nA clef \U0001d11e and \u4e00.")
    assert re.search(r"chapter\.md:6: typst: .*displayed", book.build.warnings)


# Notes


def test_footnotes_are_printed_where_they_are_referred_to_and_once(tmp_path):
    text = everything(tmp_path, "One[^a] two[^a] three[^b].\n\n[^a]: First *note*.\n[^b]: Second.\n")
    assert text.count("First note.") == 1 and text.count("Second.") == 1


def test_notes_of_measurements_are_not_repeated(tmp_path):
    class measured(nodes.inline):
        pass

    def measure(tree, docname):
        for node in list(tree.findall(nodes.literal)):
            node.replace_self(measured("", "1.2 ms", note=f"Median of 20 runs, {node.astext()}."))

    with extension(measure) as name:
        text = everything(tmp_path, "Costs `a`, again `a`, and `b`.", extensions=[*CONFIG["extensions"], name])
    assert text.count("1.2 ms") == 3
    assert text.count("Median of 20 runs, a.") == 1 and text.count("Median of 20 runs, b.") == 1


def test_footnotes_begin_anew_in_each_chapter(tmp_path):
    files = {
        "index.md": "# Book\n\n```{toctree}\na\nb\n```\n",
        "a.md": "# A\n\nText[^1].\n\n[^1]: Note of A.\n",
        "b.md": "# B\n\nText[^1].\n\n[^1]: Note of B.\n",
    }
    pages = print_book(tmp_path, files).pages
    for letter in "AB":
        page = next(page for page in pages if f"Note of {letter}" in page)
        assert re.search(rf"1\s*Note of {letter}", page)


# Code


def test_code_is_the_source_character_for_character(tmp_path):
    code = 'def f(x):\n    """Doc."""\n\n    return {"a": x ** 2, \'b\': [x]}  # comment <x> @y #z $1\n'
    book = one_page(tmp_path, f"```python\n{code}```")
    page = book.pages[-1]
    for line in code.splitlines():
        assert line.rstrip() in page
    assert "\u00a0" not in page


def test_code_has_colors_of_the_style(tmp_path):
    book = one_page(tmp_path, "```python\nimport os\n```\n\n```yaml\nkey: value\n```\n\n```\nplain\n```")
    assert not book.build.warnings
    color = get_style_by_name("a11y-high-contrast-light").style_for_token(Keyword.Namespace)["color"]
    function = re.search(rf'#let (k\d+) = text\.with\(fill: rgb\("#{color}"\)', book.source)[1]
    assert f'{function}("import")' in book.source


def test_sessions_are_highlighted_as_sessions(tmp_path):
    book = one_page(tmp_path, "```python\n>>> 1 + 1\n2\n```")
    assert ">>> 1 + 1\n2" in book.text


@pytest.mark.parametrize("wide", ["'" + "x" * 300 + "'", "call(" + ", ".join(f"argument_{i}" for i in range(40)) + ")"])
def test_long_lines_are_wrapped_inside_the_page(tmp_path, wide):
    book = one_page(tmp_path, f"- in a list\n\n  ```python\n  value = {wide}\n  ```\n")
    assert not book.build.warnings
    right = []

    def visit(text, cm, tm, font, size):
        if text.strip():
            width = len(text.rstrip()) * 0.602 * abs(tm[0]) * size
            right.append(cm[4] + tm[4] + (width if "Mono" in str((font or {}).get("/BaseFont", "")) else 0))

    page = book.reader.pages[-1]
    page.extract_text(visitor_text=visit)
    assert max(right) < float(page.mediabox.width) - 60
    assert "".join(wide.split()) in "".join(book.pages[-1].split())


def test_listings_with_caption_number_lines_and_emphasis(tmp_path):
    options = ":caption: The *listing*\n:name: code\n:linenos:\n:lineno-start: 7\n:emphasize-lines: 2\n"
    fence = f"```{{code-block}} python\n{options}"
    book = one_page(tmp_path, fence + "\na = 1\nb = 2\n```\n\nSee {numref}`code`.")
    text = chapter(book)
    assert "Listing 1.1 The listing" in text and "See Listing 1.1." in text
    assert re.search(r"7 a = 1 8 b = 2", text)
    assert "emphasized: (2, )" in book.source


# Tables


def test_tables_with_spans(tmp_path):
    rst = """
```{eval-rst}
.. table:: Spans
   :name: spans

   +-------+-------+
   | a     | b     |
   +=======+=======+
   | both columns  |
   +-------+-------+
   | tall  | one   |
   |       +-------+
   |       | two   |
   +-------+-------+
```

{numref}`spans`
"""
    book = one_page(tmp_path, rst)
    text = chapter(book)
    assert "Table 1.1 Spans" in text and "both columns" in text and "tall" in text
    assert "colspan: 2" in book.source and "rowspan: 2" in book.source


def test_header_of_a_long_table_is_repeated(tmp_path):
    rows = "\n".join(f"| row {number} | {number} |" for number in range(120))
    book = one_page(tmp_path, f"| Name | Number |\n|---|--:|\n{rows}")
    assert not book.build.warnings
    assert sum("Name Number" in " ".join(page.split()) for page in book.pages) >= 2


def sizes(book) -> list[float]:
    return [float(size) for size in re.findall(r"#(?:turned\()?book-table\(\(.*?\), ([\d.]+)pt", book.source)]


def test_wide_tables_have_smaller_type_and_turn_only_when_they_must(tmp_path):
    def table(count):
        def line(word):
            return "|" + "|".join(f"{word}{column}" for column in range(count)) + "|"

        return f"{line('heading')}\n|{'---|' * count}\n{line('uniqueword')}"

    book = one_page(tmp_path, "\n\n".join(table(count) for count in (3, 8, 11)))
    assert not book.build.warnings
    narrow, wide, widest = sizes(book)
    assert narrow == 9 and 7 <= wide < 9 and widest >= 7
    assert book.source.count("#turned(") == 1
    turned = [page for page in book.reader.pages if page.mediabox.width > page.mediabox.height]
    assert len(turned) == 1 and "uniqueword10" in turned[0].extract_text()


def test_a_narrow_column_is_wide_enough_for_its_longest_word(tmp_path):
    head = "| System | Unit of work | In a stream | First result | In a worker | Out | Performance | Fit |"
    body = "| concurrent.futures | one call of a function or a chunk of calls | 97 | 70 | 21 | 1 | 2.1.6 | 2.1.7 |"
    book = one_page(tmp_path, f"{head}\n|{'---|' * 8}\n{body}")
    (columns,) = re.findall(r"book-table\(\(([^)]*)\)", book.source)
    shares = [float(share.removesuffix("fr")) for share in columns.split(", ") if share]
    # A share of the page holds the padding of its cell as well, 4 pt on each side.
    system, _, stream, *_ = [431 * share / sum(shares) - 8 for share in shares]
    (size,) = sizes(book)
    assert system >= size * 7.5 and stream >= size * 2.95  # as Libertinus Serif sets the two, the second in bold


def test_numbers_are_set_right(tmp_path):
    book = one_page(tmp_path, "| a | b | c |\n|---|---|:-:|\n| 1.5 | x | y |\n| 10 | 2 | z |")
    assert "aligned: (right, left, center, )" in book.source


# Pictures


def test_figures_have_number_alt_text_and_caption(tmp_path):
    figure = "```{figure} red.svg\n:name: red\n:alt: A red box.\n\nThe *caption*.\n```\n\nSee {numref}`red`."
    book = one_page(tmp_path, figure, {"red.svg": SVG})
    text = chapter(book)
    assert "Fig. 1.1 The caption." in text and "See Fig. 1.1." in text
    assert '"A red box."' in book.source
    assert "red" in book.reader.named_destinations


def test_missing_alt_text_is_a_warning(tmp_path):
    book = one_page(tmp_path, "```{image} red.svg\n```", {"red.svg": SVG})
    assert re.search(r"chapter\.md:4: WARNING: image 'red\.svg' has no alt text", book.build.warnings)


def test_pictures_for_the_dark_theme_are_not_copied(tmp_path):
    light = "```{image} red.svg\n:alt: Light.\n:class: only-light\n```\n"
    dark = "```{image} dark.svg\n:alt: Dark.\n:class: only-dark\n```\n"
    book = one_page(tmp_path, light + dark, {"red.svg": SVG, "dark.svg": SVG})
    assert not book.build.warnings and "Dark." not in book.source
    assert [path.name for path in (book.build.outdir / "images").iterdir()] == ["red.svg"]


# Formulas


def test_formulas_are_numbered_and_referenced(tmp_path):
    numbered = "Inline $S(n) = \\frac{1}{p}$.\n\n```{math}\n:label: usl\nC = \\lambda N\n```\n\nSee {eq}`usl`.\n\n"
    text = everything(tmp_path, numbered + "$$\na &= b \\\\\nc &= d\n$$\n")
    assert "(1.1)" in text and "See (1.1)." in text


def test_formula_that_cannot_be_converted_stops_the_build_with_file_and_line(tmp_path):
    book = one_page(tmp_path, "Fine $x$.\n\nBroken $\\frac{1$ here.")
    assert re.search(r"chapter\.md:6: tex2typst cannot convert the formula '\\\\frac\{1'", book.build.warnings)
    assert len(book.build.warnings.strip().splitlines()) == 1
    assert book.build.app.statuscode == 2


def test_formulas_are_converted_once(tmp_path, monkeypatch):
    one_page(tmp_path, "$x^2$ and $x^2$")
    monkeypatch.setattr(texmath, "run_node", None)
    assert not one_page(tmp_path, "$x^2$ again").build.warnings


# Boxes


def test_admonitions_lists_and_definitions(tmp_path):
    text = everything(
        tmp_path,
        "```{warning}\nBody.\n```\n```{admonition} My *title*\n:class: tip\nOther.\n```\n\n"
        "1. one\n2. two\n   - deep\n\nTerm\n: Definition.\n\n:Field: value\n\n> Said.\n>\n> -- Somebody\n",
    )
    for words in (
        "Warning Body.",
        "My title Other.",
        "1. one",
        "2. two",
        "deep",
        "Term Definition.",
        "Field value",
        "Said.",
    ):
        assert words in text


def test_cards_tabs_and_dropdowns_are_open_on_paper(tmp_path):
    text = everything(
        tmp_path,
        "::::{grid} 2\n:::{grid-item-card} Card\n:link: chapter\n:link-type: ref\nIn the card.\n"
        "```{card-footer}\nFoot\n```\n:::\n::::\n\n"
        "::::{tab-set}\n:::{tab-item} Linux\nPenguin.\n:::\n:::{tab-item} Windows\nFlag.\n:::\n::::\n\n"
        ":::{dropdown} More\nHidden.\n:::\n",
    )
    for words in ("Card In the card.", "page 1", "Foot", "Linux Penguin.", "Windows Flag.", "More Hidden."):
        assert words in text


def test_labels_everywhere_can_be_linked_to(tmp_path):
    blocks = [
        "A paragraph.", "- a list", "```python\ncode = 1\n```", "> quoted", "```{note}\nA note.\n```",
        "| a |\n|---|\n| 1 |", "$$\nx\n$$", "Term\n: Definition.", "---", "```{image} red.svg\n:alt: Red.\n```",
        ":::{dropdown} More\nHidden.\n:::", "::::{tab-set}\n:::{tab-item} A\nB.\n:::\n::::", "```{rubric} Rubric\n```",
        "1. enumerated", ":Field: value", "## Heading",
    ]  # fmt: skip
    body = "\n\n".join(f"(label-{number})=\n{block}" for number, block in enumerate(blocks))
    links = " ".join(f"{{ref}}`to {number} <label-{number}>`" for number in range(len(blocks)))
    book = one_page(tmp_path, f"{links}\n\n{body}", {"red.svg": SVG})
    assert not book.build.warnings
    assert {f"label-{number}" for number in range(len(blocks))} <= set(book.reader.named_destinations)


def test_bibliography(tmp_path):
    bib = "@misc{ray-docs, title={Fault tolerance}, author={{Ray team}}, year=2026, url={https://docs.ray.io/x}}"
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "refs.bib").write_text(bib)
    book = one_page(
        tmp_path, "Cited {cite:p}`ray-docs`.\n\n```{bibliography}\n```",
        extensions=[*CONFIG["extensions"], "sphinxcontrib.bibtex"],
        bibtex_bibfiles=[str(tmp_path / "book" / "refs.bib")], bibtex_default_style="plain",
    )  # fmt: skip
    text = chapter(book)
    assert "Cited [1]." in text and "[1] Ray team. Fault tolerance. 2026." in text
    assert text.count("https://docs.ray.io/x") == 1
