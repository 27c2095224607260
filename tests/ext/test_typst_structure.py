"""ppm_typst: headings, numbers, names in the PDF, the index, what stops a build."""

import hashlib
import re

import pytest
from docutils import nodes
from sphinx_project import build
from typst_pdf import CONFIG, extension, one_page, print_book

BOOK = {
    "index.md": """(start)=
# The book

Words before. See {ref}`ray-performance`, {numref}`tasks`, {doc}`one/joblib` and {ref}`the second <second>`.

## A section of the front page

```{toctree}
:numbered:
:caption: Chapters

basics
one/index
two/index
```

```{toctree}
:caption: Reference

glossary
```
""",
    "basics.md": "# Basics\n\n## Performance\n\nText.\n",
    "one/index.md": "(one)=\n# One computer\n\n```{toctree}\njoblib\n```\n",
    "one/joblib.md": """(joblib)=
# joblib *fast* `Parallel`

(joblib-overview)=
## Overview

### Deeper

{term}`GIL`

## Performance

Same heading as elsewhere.
""",
    "two/index.md": "(two)=\n# Distributed\n\nWords of the part.\n\n```{toctree}\nray\n```\n\nWords after the list.\n",
    "two/ray.md": """(ray)=
# Ray

(second)=
(ray-performance)=
## Performance

(ray-words)=
A paragraph with a label.

```{table} Tasks & "quotes"
:name: tasks

| a | b |
|---|---|
| 1 | 2 |
```

{ref}`A paragraph <ray-words>` and {ref}`joblib-overview`.

```{index} single: scheduling; spill
```

Indexed words.
""",
    "glossary.md": "(glossary)=\n# Glossary\n\n```{glossary}\nGIL\n  A lock.\n```\n",
}


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    book = print_book(tmp_path_factory.mktemp("book"), BOOK, nitpicky=True)
    assert not book.build.error and not book.build.warnings
    return book


def test_bookmarks_have_the_numbers_and_titles_of_html(book, tmp_path):
    html = build(tmp_path, BOOK, "html", CONFIG | {"html_permalinks": False})
    headings = []
    for docname in ("basics", "one/index", "one/joblib", "two/index", "two/ray", "glossary"):
        body = html.html(docname).partition('<div class="body"')[2].partition('<div class="sphinxsidebar"')[0]
        for title in re.findall(r"<h[1-6]>(.*?)</h[1-6]>", body):
            text = re.sub(r"<[^>]*>", "", title)
            headings.append(re.sub(r"^([\d.]+)\.\s", r"\1 ", text))
    titles = [title for _, title in book.outline()]
    assert titles[titles.index("1 Basics") : titles.index("Index")] == headings
    assert "2.1 joblib fast Parallel" in titles and "2.1.1.1 Deeper" in titles and "Glossary" in titles


def test_bookmarks_nest_as_the_toctrees(book):
    depth = {title: depth for depth, title in book.outline()}
    assert depth["2 One computer"] == 0
    assert depth["2.1 joblib fast Parallel"] == 1
    assert depth["2.1.1 Overview"] == 2
    assert depth["2.1.1.1 Deeper"] == 3


def test_chapters_begin_on_a_page_of_their_own_and_parts_say_all_they_have_to_first(book):
    assert book.page_of("ray") > book.page_of("two") > book.page_of("joblib") > book.page_of("one")
    part = book.pages[book.page_of("two")]
    assert "Words of the part." in part and "Words after the list." in part


def test_contents_list_chapters_under_the_captions(book):
    contents = next(page for page in book.pages if page.lstrip().startswith("Contents"))
    lines = [re.sub(r"[ .]*\s\w+$", "", line) for line in contents.splitlines()]
    assert lines.index("CHAPTERS") < lines.index("1 Basics") < lines.index("REFERENCE") < lines.index("Glossary")
    assert "3.1.1 Performance" in lines


def test_labels_are_named_destinations(book):
    names = set(book.reader.named_destinations)
    labels = book.build.app.env.domains.standard_domain.anonlabels
    assert {
        "start",
        "one",
        "joblib",
        "joblib-overview",
        "two",
        "ray",
        "ray-performance",
        "second",
        "glossary",
        "ray-words",
        "tasks",
    } <= names
    assert {name for docname, name, *_ in labels.values() if docname in book.build.app.env.all_docs and name} <= names
    # An id that docutils made twice says whose it is.
    assert "performance" not in names and "basics:performance" in names


def test_references_show_numbers_and_lead_to_their_place(book):
    front = next(page for page in book.pages if "Words before." in page)
    assert "See Performance, Table 3.1, joblib fast Parallel and the second." in " ".join(front.split())
    assert (
        "/ray-performance" in book.links()
        or "ray-performance" in book.links()
        or (book.page_of("ray-performance") in book.links())
    )


def test_index_has_page_numbers(book):
    page = next(page for page in reversed(book.pages) if "scheduling" in page)
    roman = sum(1 for text in book.pages if re.search(r"\n[ivx]+$", text))
    offset = next(number for number, text in enumerate(book.pages) if "1\nBasics" in text)
    assert roman and f"spill, {book.page_of('ray') - offset + 1}" in " ".join(page.split())
    assert f"GIL, {book.page_of('glossary') - offset + 1}" in " ".join(page.split())


def test_metadata_language_and_tags(book):
    metadata = book.reader.metadata
    assert metadata.title == "Parallel Python, Measured"
    assert metadata.author == "The team"
    catalog = book.reader.trailer["/Root"]
    assert catalog["/Lang"] == "en"
    assert catalog["/MarkInfo"]["/Marked"]
    assert "pdfuaid:part" in catalog["/Metadata"].get_data().decode("utf8")


def test_title_page_has_edition_and_date(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1763900000")
    book = one_page(tmp_path, "Text.", typst_subtitle="A guide")
    assert "A guide" in book.pages[0] and "Edition 2026.11" in book.pages[0] and "November 23, 2025" in book.pages[0]


def test_two_builds_are_equal_byte_for_byte(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1763900000")
    digests = set()
    for folder in ("a", "b"):
        book = print_book(tmp_path / folder, BOOK)
        digests.add(hashlib.sha256(book.path.read_bytes()).hexdigest())
    assert len(digests) == 1


class hologram(nodes.General, nodes.Element):
    """A node that no writer knows."""


def test_unknown_node_stops_the_build_by_name_file_and_line(tmp_path):
    assert one_page(tmp_path, "Text.").path.exists()

    def replace(tree, docname):
        for node in list(tree.findall(nodes.paragraph)):
            if node.astext() == "HERE":
                new = hologram()
                new.source, new.line = node.source, node.line
                node.replace_self(new)

    with extension(replace) as name:
        book = one_page(tmp_path, "Text.\n\nHERE\n", extensions=[*CONFIG["extensions"], name])
    assert re.search(r"chapter\.md:6: the PDF does not know the node 'hologram'", book.build.warnings)
    assert len(book.build.warnings.strip().splitlines()) == 1
    assert book.build.app.statuscode == 2
    assert not book.path.exists(), "the PDF of an earlier build is left"


def test_internal_link_that_leads_nowhere_is_a_warning(tmp_path):
    def add(tree, docname):
        if docname == "chapter":
            next(iter(tree.findall(nodes.paragraph))).append(nodes.reference("", "nowhere", refuri="%chapter#nowhere"))

    with extension(add) as name:
        book = one_page(tmp_path, "Text: ", extensions=[*CONFIG["extensions"], name])
    assert "internal link to 'chapter#nowhere' leads nowhere in the PDF" in book.build.warnings
    assert "Text:nowhere" in book.text


def test_unresolved_reference_is_a_warning(tmp_path):
    assert "undefined label: 'nowhere'" in one_page(tmp_path, "{ref}`nowhere`").build.warnings


def test_error_of_typst_names_file_and_line(tmp_path):
    book = one_page(tmp_path, "Fine.\n\n```{raw} typst\n#undefined-function()\n```\n")
    assert re.search(r"chapter\.md:\d+: typst: unknown variable: undefined-function", book.build.warnings)
    assert book.build.app.statuscode == 2


def test_a_document_in_two_toctrees_is_printed_once(tmp_path):
    book = print_book(
        tmp_path,
        {
            "index.md": "# Book\n\n```{toctree}\na\nb\n```\n",
            "a.md": "# A\n\n```{toctree}\nb\n```\n",
            "b.md": "# B\n\nOnly once.\n",
        },
        suppress_warnings=["toc.multiple_toc_parents"],
    )
    assert book.text.count("Only once.") == 1


def test_output_name_can_be_set(tmp_path):
    book = one_page(tmp_path, "Text.", typst_output="../other.pdf")
    assert (book.build.outdir.parent / "other.pdf").exists() and not book.path.exists()


def test_screen_only_nodes_are_left_out(tmp_path):
    book = one_page(
        tmp_path,
        "{.no-pdf}\nScreen.\n\n{.only-dark}\nNight.\n\nPaper.\n\n```{raw} html\n<b>web</b>\n```\n"
        "```{only} html\nWebpage.\n```\n```{only} typst\nPrinted.\n```\n",
    )
    assert not book.build.warnings
    assert "Paper." in book.text and "Printed." in book.text
    assert not re.search("Screen|Night|web|Webpage", book.pages[-1])
