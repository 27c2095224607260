"""The printed book: the same sections, numbers and names as the web pages."""

import os
import re
import subprocess
import sys
import time
from html.parser import HTMLParser
from pathlib import Path

import pypdf
import pytest
from sphinx.util.inventory import InventoryFile

ROOT = Path(__file__).resolve().parents[2]
PDF = "parallel-python-measured.pdf"
# These come with typst and with the npm package; anything else would be a font of this machine.
FONTS = {"LibertinusSerif", "DejaVuSansMono", "DejaVuSans", "NewCMMath"}


def build_pdf() -> Path:
    """Build the PDF as ``tox -e pdf`` does; any warning fails."""
    target = ROOT / "build" / "pdf"
    command = [
        sys.executable, "-m", "sphinx", "-q", "-n", "-W", "--keep-going", "-b", "typst",
        "-c", ".", "-d", "build/doctrees-pdf", "book", str(target),
    ]  # fmt: skip
    process = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf8", check=False)
    if process.returncode:
        pytest.fail(f"the PDF does not build:\n{process.stderr[-6000:]}", pytrace=False)
    return target / PDF


@pytest.fixture(scope="session")
def pdf_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The PDF: built once, also under pytest-xdist; ``PPM_PDF`` names one that is built."""
    if given := os.environ.get("PPM_PDF"):
        return Path(given).resolve()
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return build_pdf()
    shared = tmp_path_factory.getbasetemp().parent
    done = shared / "pdf-built"
    try:
        (shared / "pdf-lock").mkdir()
    except FileExistsError:
        for _ in range(1200):
            if done.exists():
                break
            time.sleep(0.5)
        if not done.exists() or not done.read_text("utf8"):
            pytest.fail("another worker could not build the PDF; its report says why", pytrace=False)
        return Path(done.read_text("utf8"))
    built = ""
    try:
        built = str(build_pdf())
    finally:
        part = done.with_suffix(".part")
        part.write_text(built, "utf8")
        part.replace(done)
    return Path(built)


@pytest.fixture(scope="session")
def pdf(pdf_path: Path) -> pypdf.PdfReader:
    return pypdf.PdfReader(pdf_path)


@pytest.fixture(scope="session")
def text(pdf: pypdf.PdfReader) -> str:
    return "\n".join(page.extract_text() for page in pdf.pages)


class Headings(HTMLParser):
    """The headings of a page's article and the pages that its sidebar lists, in their order."""

    # What the theme and the extensions add to a heading, and what has no text on paper.
    LEFT_OUT = {"button", "svg", "dialog", "template"}

    def __init__(self, page: str) -> None:
        super().__init__()
        self.headings: list[str] = []
        self.pages: list[str] = []
        self._depth = 0
        self._heading = False
        self._skipped: list[str] = []
        self._article = False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        classes = (given.get("class") or "").split()
        if tag == "article":
            self._article = True
        elif tag == "a" and "reference" in classes and "internal" in classes and not self._article:
            self.pages.append((given.get("href") or "").partition("#")[0])
        if self._skipped:
            if tag == self._skipped[-1]:
                self._skipped.append(tag)
        elif self._heading and (tag in self.LEFT_OUT or "headerlink" in classes):
            self._skipped.append(tag)
        elif self._article and re.fullmatch("h[1-6]", tag):
            self._heading = True
            self.headings.append("")

    def handle_endtag(self, tag):
        if tag == "article":
            self._article = False
        if self._skipped and tag == self._skipped[-1]:
            self._skipped.pop()
        elif re.fullmatch("h[1-6]", tag):
            self._heading = False

    def handle_data(self, data):
        if self._heading and not self._skipped:
            self.headings[-1] += data


def plain(title: str) -> str:
    """A title with single spaces and its number without the period that the web pages put behind it."""
    return re.sub(r"^(\d[\d.]*)\.\s", r"\1 ", " ".join(title.split()))


def test_bookmarks_are_the_headings_of_the_web_pages(pdf, html):
    front = Headings((html / "index.html").read_text("utf8"))
    expected = []
    for name in dict.fromkeys(name for name in front.pages if name and name != "genindex.html"):
        expected += map(plain, Headings((html / name).read_text("utf8")).headings)

    def titles(items):
        for item in items:
            if isinstance(item, list):
                yield from titles(item)
            else:
                yield plain(item.title)

    found = list(titles(pdf.outline))
    assert found[0] == "Contents" and found[-1] == "Index"
    start = found.index(expected[0])
    assert found[start:-1] == expected
    assert found[1:start] == list(map(plain, front.headings))


def test_labels_of_the_web_pages_are_names_in_the_pdf(pdf, html):
    with (html / "objects.inv").open("rb") as stream:
        labels = InventoryFile.load(stream, "", lambda base, path: path)["std:label"]
    wanted = {item.uri.partition("#")[2] for item in labels.values()} - {""}
    assert "ray-performance" in wanted
    assert not wanted - set(pdf.named_destinations)


def test_inside_links_have_a_place(pdf):
    names = set(pdf.named_destinations)
    count = 0
    for page in pdf.pages:
        for annotation in page.get("/Annots", []):
            link = annotation.get_object()
            destination = link.get("/Dest", link.get("/A", {}).get("/D"))
            if destination is None:
                assert link["/A"]["/URI"]
            elif not isinstance(destination.get_object(), list):
                assert str(destination).removeprefix("/") in names
            count += 1
    assert count > 100


def test_nothing_is_left_unresolved(text):
    assert not re.search(r"\?\?|\ufffd|<unknown>|#xref|\bTODO\b", text)


def test_title_language_and_accessibility(pdf):
    assert pdf.metadata.title == "Parallel Python, Measured"
    assert pdf.metadata.author
    catalog = pdf.trailer["/Root"]
    assert catalog["/Lang"].startswith("en")
    assert catalog["/MarkInfo"]["/Marked"]
    assert "pdfuaid:part" in catalog["/Metadata"].get_data().decode("utf8")


def test_only_fonts_of_the_packages(pdf):
    fonts = set()
    for page in pdf.pages:
        for font in page["/Resources"].get("/Font", {}).values():
            fonts.add(str(font.get_object()["/BaseFont"]).rpartition("+")[2].partition("-")[0].lstrip("/"))
    assert fonts <= FONTS


def test_code_stays_inside_the_page(pdf):
    wide = []
    for number, page in enumerate(pdf.pages, 1):
        right = float(page.mediabox.width) - 55

        def visit(words, cm, tm, font, size, number=number, right=right):
            if "Mono" in str((font or {}).get("/BaseFont", "")) and words.strip():
                end = cm[4] + tm[4] + len(words.rstrip("\n")) * 0.602 * abs(tm[0]) * size
                if end > right and len(words.strip()) > 1:
                    wide.append((number, words))

        page.extract_text(visitor_text=visit)
    assert not wide
