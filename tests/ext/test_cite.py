"""The cite control, its data, and redirects, on minimal books; the dialog in a browser where there is one."""

import json
import os
import re
import shutil

import pybtex.database
import pytest
from sphinx_project import ROOT, build

CONFIG = {
    "extensions": ["myst_parser", "ppm_cite"],
    "html_theme": "furo",
    "html_static_path": [str(ROOT / "book" / "_static")],
}
INDEX = "(index)=\n# Book\n\n```{toctree}\n:numbered:\nparts/ray\n```\n"
RAY = """(ray)=
# Ray & friends

(ray-performance)=
## Performance of `map_batches`

Text.

## No label

Text.
"""


def build_book(tmp_path, files=(), **config):
    return build(tmp_path, {"index.md": INDEX, "parts/ray.md": RAY} | dict(files), confoverrides=CONFIG | config)


def data(html: str) -> dict:
    """The JSON that cite.js reads."""
    return json.loads(re.search(r'<script type="application/json" id="cite-data">(.*?)</script>', html, re.DOTALL)[1])


def cite(html: str, form: str, label: str) -> str:
    """A form of citation, filled in as cite.js does for a page opened from disk."""
    found = data(html)
    return found["forms"][form] % (found["book"] | found["sections"][label])


def test_control_stands_at_headings_with_a_label_only(tmp_path):
    result = build_book(tmp_path)
    assert not result.warnings
    html = result.html("parts/ray")
    assert re.findall(r'<button type="button" class="cite" data-cite="([^"]+)"', html) == ["ray", "ray-performance"]
    assert 'aria-label="Cite section 1 Ray &amp; friends"' in html
    assert 'aria-label="Cite section 1.1 Ray &amp; friends: Performance of map_batches"' in html


def test_permalink_stays_without_scripts(tmp_path):
    html = build_book(tmp_path).html("parts/ray")
    assert '<a class="headerlink" href="#ray-performance"' in html
    assert "<noscript><style>button.cite{display:none}</style></noscript>" in html


def test_forms_name_edition_number_and_id(tmp_path):
    html = build_book(tmp_path).html("parts/ray")
    assert cite(html, "Short form", "ray-performance") == "PPM 2026.11, §1.1 ray-performance"
    assert cite(html, "Permalink", "ray-performance") == "parts/ray.html#ray-performance"
    assert cite(html, "Markdown", "ray-performance") == (
        "[PPM 2026.11, §1.1 ray-performance](parts/ray.html#ray-performance): "
        r"Ray & friends: Performance of map\_batches"
    )


def test_base_url_makes_permalinks_absolute(tmp_path):
    html = build_book(tmp_path, ppm_base_url="https://example.org/ppm").html("parts/ray")
    assert cite(html, "Permalink", "ray") == "https://example.org/ppm/parts/ray.html#ray"


def test_bibtex_is_an_entry_with_edition_number_and_title(tmp_path):
    text = cite(build_book(tmp_path).html("parts/ray"), "BibTeX", "ray-performance")
    ((key, entry),) = pybtex.database.parse_string(text, "bibtex").entries.items()
    assert key == "ppm-2026.11-ray-performance"
    assert entry.type == "inbook"
    assert entry.fields["edition"] == "2026.11"
    assert entry.fields["chapter"] == "1.1"
    assert entry.fields["title"] == r"Ray \& friends: Performance of map\_batches"
    assert [str(person) for person in entry.persons["author"]] == ["{The team}"]


def test_unnumbered_section_says_its_id_alone(tmp_path):
    html = build_book(tmp_path, {"note.md": ":orphan:\n\n(note)=\n# Note\n"}).html("note")
    assert cite(html, "Short form", "note") == "PPM 2026.11, note"
    assert "chapter" not in cite(html, "BibTeX", "note")


def test_titles_cannot_end_the_script(tmp_path):
    html = build_book(tmp_path, {"note.md": ":orphan:\n\n(note)=\n# A `</script>` in a title\n"}).html("note")
    assert data(html)["sections"]["note"]["title"] == "A </script> in a title"


def test_controls_reach_neither_contents_nor_search_nor_text(tmp_path):
    result = build_book(tmp_path)
    assert (
        "button" not in re.search(r'<div class="toc-tree">.*?</div>\s*</div>', result.html("parts/ray"), re.DOTALL)[0]
    )
    text = build(tmp_path, {}, builder="text", confoverrides=CONFIG)
    assert "cite" not in (text.outdir / "parts/ray.txt").read_text().lower()


def test_no_page_asks_another_host(tmp_path):
    html = build_book(tmp_path).html("parts/ray")
    loads = re.findall(r'<(?:script|link|img)\b[^>]*?(?:src|href)="([^"]*)"', html)
    assert loads and not [address for address in loads if re.match(r"(https?:)?//", address)]


@pytest.mark.parametrize("other", ["parts/ray.md", "parts/dask.md"])
def test_duplicate_label_is_one_error_with_file_and_line(tmp_path, other):
    again = "\n(ray-performance)=\n## Again\n"
    text = RAY + again if other == "parts/ray.md" else f":orphan:\n\n(dask)=\n# Dask\n{again}"
    result = build_book(tmp_path, {other: text})
    lines = [line for line in result.warnings.splitlines() if line.strip()]
    assert len(lines) == 1, result.warnings
    assert re.search(r"\.md:\d+: .*ray-performance", lines[0])


# Redirects


def test_old_id_is_anchor_and_label_of_the_new_section(tmp_path):
    index = INDEX + "\nSee {ref}`ray-speed`.\n"
    result = build_book(tmp_path, {"index.md": index, "_data/redirects.toml": 'ray-speed = "ray-performance"\n'})
    assert not result.warnings
    assert 'id="ray-speed"' in result.html("parts/ray")
    assert 'href="parts/ray.html#ray-speed"' in result.html("index")
    assert list(data(result.html("parts/ray"))["sections"]) == ["ray", "ray-performance"]


def test_redirect_added_later_reaches_pages_that_did_not_change(tmp_path):
    build_book(tmp_path)
    result = build_book(tmp_path, {"_data/redirects.toml": 'ray-speed = "ray-performance"\n'})
    assert 'id="ray-speed"' in result.html("parts/ray")


def test_moved_page_leaves_a_page_that_leads_on(tmp_path):
    redirects = '[pages]\n"old/ray" = "parts/ray"\n'
    html = build_book(tmp_path, {"_data/redirects.toml": redirects}).html("old/ray")
    assert '<meta http-equiv="refresh" content="0; url=../parts/ray.html">' in html
    assert '<a href="../parts/ray.html">Ray &amp; friends</a>' in html


@pytest.mark.parametrize(
    ("redirects", "message"),
    [
        ('ray-speed = "ray-nothing"', "2: ERROR: 'ray-speed' leads to 'ray-nothing', which is the label of no section"),
        ('ray = "ray-performance"', "2: ERROR: 'ray' is still the label of a section, so it needs no redirect"),
        ("ray-speed = 3", "2: ERROR: id 'ray-speed' must lead to text"),
        ("ray-speed =", "ERROR: not TOML"),
        ('[pages]\n"parts/ray" = "index"', "3: ERROR: page 'parts/ray' is still there, so it needs no redirect"),
        ('[pages]\n"old" = "nowhere"', "3: ERROR: page 'old' leads to 'nowhere', which is no page"),
    ],
)
def test_wrong_redirect_is_one_error_with_file_and_line(tmp_path, redirects, message):
    result = build_book(tmp_path, {"_data/redirects.toml": f"# Redirects\n{redirects}\n"})
    assert result.warnings.count("ERROR") == 1
    assert "redirects.toml:" in result.warnings
    assert message in result.warnings


# The inventory


def test_other_projects_refer_through_intersphinx(tmp_path):
    book = build_book(tmp_path / "ours")
    other = build(
        tmp_path / "theirs",
        {
            "index.md": "# Decision\n\n{ref}`ray-performance`, {external+ppm:std:ref}`text <ray-performance>`, "
            "[](inv:ppm#ray-performance)\n",
        },
        confoverrides={
            "extensions": ["myst_parser", "sphinx.ext.intersphinx"],
            "intersphinx_mapping": {"ppm": ("https://example.org/ppm/", str(book.outdir / "objects.inv"))},
        },
    )
    assert not other.warnings
    assert other.html("index").count('href="https://example.org/ppm/parts/ray.html#ray-performance"') == 3


# The dialog in a browser


@pytest.fixture(scope="module")
def browser():
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not path:
        pytest.skip("no Chromium on this machine")
    sync_api = pytest.importorskip("playwright.sync_api")
    arguments = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=arguments)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser, tmp_path):
    address = (build_book(tmp_path).outdir / "parts" / "ray.html").as_uri()
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(f"{address}#ray-performance")
    yield page
    page.close()


def test_dialog_opens_by_keyboard_copies_and_gives_focus_back(page):
    control = page.locator('button.cite[data-cite="ray-performance"]')
    control.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Cite section 1.1 Ray & friends: Performance of map_batches")
    assert dialog.is_visible()
    page.get_by_role("button", name="Copy Short form").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Short form copied.").wait_for()
    page.keyboard.press("Escape")
    assert not dialog.is_visible()
    assert control.evaluate("node => node === document.activeElement")


def test_copy_works_without_the_clipboard_interface(page):
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.evaluate("document.addEventListener('copy', () => { window.copied = getSelection().toString(); })")
    page.locator('button.cite[data-cite="ray-performance"]').focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Copy BibTeX").click()
    page.get_by_text("BibTeX copied.").wait_for()
    assert page.evaluate("window.copied").startswith("@inbook{ppm-2026.11-ray-performance,")


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_control_and_dialog_are_accessible_and_fit(page, width, scheme):
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.add_script_tag(path=str(ROOT / "node_modules" / "axe-core" / "axe.min.js"))
    page.locator('button.cite[data-cite="ray-performance"]').focus()
    page.keyboard.press("Enter")
    page.add_style_tag(content="*{transition:none!important}")
    for _ in range(2):
        found = page.evaluate("axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})")
        assert [f"{v['id']}: {v['nodes'][0]['html']}" for v in found["violations"]] == []
        page.keyboard.press("Escape")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_control_does_not_move_the_heading(page):
    heading = page.locator("#ray-performance h2")
    before = heading.bounding_box()
    page.locator('button.cite[data-cite="ray-performance"]').focus()
    heading.hover()
    assert heading.bounding_box() == before
    page.add_style_tag(content="button.cite{display:none}")
    assert heading.bounding_box() == before


def test_heading_is_called_by_its_text(page):
    assert page.get_by_role("heading", name="1.1. Performance of map_batches", exact=True).count() == 1
