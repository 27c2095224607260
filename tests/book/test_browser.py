"""The built book in a browser, read from disk as a reader would: no server, no network."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"

#: One page of each type: pattern of its path, and whether the book must have it.
PAGE_TYPES = {
    "index": r"index\.html",
    "part": r"single-computer-parallelization/index\.html",
    "foundations": r"foundations/index\.html",
    "system": r"single-computer-parallelization/joblib\.html|distributed-computing-frameworks/(dask|ray)\.html",
    "glossary": r"reference/glossary\.html",
    "sources": r"reference/sources\.html",
    "evidence": r"reference/evidence\.html",
    "how to cite": r"reference/.*cit.*\.html",
    "search": r"search\.html",
    "index of terms": r"genindex\.html",
}


@pytest.fixture
def of_type(pages):
    """The pages of a type; the type is skipped, with that reason, while the book has none."""

    def find(kind: str) -> list[str]:
        found = [page for page in pages if re.fullmatch(PAGE_TYPES[kind], page)]
        if not found:
            pytest.skip(f"the book has no page {PAGE_TYPES[kind]}")
        return found

    return find


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("kind", PAGE_TYPES)
def test_axe_finds_nothing(open_page, of_type, kind, theme):
    """axe-core with all its rules, best practices included, on a wide and on a narrow screen."""
    problems = {}
    for name in of_type(kind):
        page = open_page(name if kind != "search" else f"{name}?q=process", theme)
        page.add_script_tag(path=AXE)
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            page.wait_for_timeout(400)  # drawers slide
            # Measuring contrast takes most of the time; chapters are long, and their colors do not depend on the width.
            contrast = width > 390 or kind != "system"
            options = {"resultTypes": ["violations"], "rules": {"color-contrast": {"enabled": contrast}}}
            for violation in page.evaluate("options => axe.run(options)", options)["violations"]:
                nodes = [f"{node['target']} {node['html'][:160]}" for node in violation["nodes"][:3]]
                problems[f"{name} at {width}: {violation['id']}: {violation['help']} ({len(violation['nodes'])})"] = (
                    nodes
                )
    assert problems == {}


def test_no_page_is_wider_than_a_phone(open_page, pages):
    wide = {}
    page = open_page(pages[0], width=390, height=844)
    for name in pages:
        page.goto(page_url(page, name))
        width, content = page.evaluate(
            "[document.documentElement.scrollWidth, document.querySelector('.content')?.scrollWidth ?? 0]"
        )
        if max(width, content) > 390:
            wide[name] = (width, content, page.evaluate(WIDEST))
    assert wide == {}


#: The innermost elements that reach beyond the screen and do not stand in a box that scrolls.
WIDEST = """() => [...document.querySelectorAll('article *')].filter(e =>
    e.getBoundingClientRect().right > 391
    && !e.closest('pre, .table-wrapper, .diagram, .math-wrapper, div.math'))
  .slice(-3).map(e => e.outerHTML.slice(0, 160))"""


def page_url(page, name: str) -> str:
    """The address of another page of the book."""
    root = page.evaluate("new URL(document.documentElement.dataset.content_root, location.href).href")
    return root + name


def test_pages_ask_no_other_host_and_report_no_error(open_page, pages):
    page = open_page(pages[0])
    foreign, errors = [], []

    def on_request(request):
        if not request.url.startswith(("file:", "data:")):
            foreign.append(request.url)

    def on_failure(request):
        if request.failure != "net::ERR_ABORTED":  # the next page was opened before the icon of the last was read
            errors.append(f"{page.url}: {request.url}: {request.failure}")

    def on_console(message):
        if message.type == "error":
            errors.append(f"{page.url}: {message.text}")

    page.on("request", on_request)
    page.on("requestfailed", on_failure)
    page.on("console", on_console)
    page.on("pageerror", lambda error: errors.append(f"{page.url}: {error}"))
    for name in pages:
        page.goto(page_url(page, name))
        page.wait_for_load_state("networkidle")
    assert foreign == [] and errors == []


def test_search_works_from_disk(open_page):
    page = open_page("index.html")
    page.locator("input.sidebar-search").fill("interpreter")
    page.locator("input.sidebar-search").press("Enter")
    page.wait_for_selector("ul.search li a")
    assert page.url.startswith("file:")
    with page.expect_navigation():  # the page that is left has loaded, too: waiting for that would not wait
        page.locator("ul.search li a").first.click()
    assert "search.html" not in page.url and page.locator("h1").count() == 1


def test_copy_button_strips_prompts(open_page, of_type):
    """What is pasted is what was typed: neither prompts nor output."""
    for name in of_type("system"):
        page = open_page(name)
        block = page.locator("div.highlight:has(.gp)").first
        block.scroll_into_view_if_needed()
        block.hover()
        shown = block.locator("pre").inner_text()
        block.locator("button.copybtn").click()
        page.evaluate("document.body.append(Object.assign(document.createElement('textarea'), {id: 'paste'}))")
        page.locator("#paste").focus()
        page.keyboard.press("Control+V")
        pasted = page.locator("#paste").input_value()
        typed = [line[4:] for line in shown.splitlines() if line.startswith((">>> ", "... "))]
        assert typed and pasted.rstrip("\n").splitlines() == typed, name


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_diagrams_are_visible(open_page, of_type, theme):
    """A diagram has a size, its text contrasts with what it stands on, and its font is the one it was drawn for."""
    for name in of_type("system"):
        page = open_page(name, theme)
        page.evaluate("document.fonts.ready")
        diagrams = page.locator(".diagram > svg")
        assert diagrams.count() >= 1, name
        for diagram in diagrams.all():
            box = diagram.bounding_box()
            assert box["width"] > 150 and box["height"] > 80
            assert len(diagram.get_attribute("aria-label")) > 20
            assert diagram.evaluate(LOWEST_CONTRAST) >= 4.5
            assert page.evaluate("document.fonts.check('13px \"DejaVu Sans\"')")


#: Of each text against the innermost shape that holds it, or else the page.
LOWEST_CONTRAST = """svg => {
  const parse = (color) => (color.match(/[\\d.]+/g) ?? []).map(Number);
  const luminance = (color) => {
    const [r, g, b] = parse(color).map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const page = getComputedStyle(document.body).backgroundColor;
  const shapes = [...svg.querySelectorAll('rect, polygon, path, ellipse')]
    .filter(shape => !['none', 'rgba(0, 0, 0, 0)'].includes(getComputedStyle(shape).fill))
    .map(shape => ({ box: shape.getBoundingClientRect(), fill: getComputedStyle(shape).fill }));
  let lowest = Infinity;
  for (const text of svg.querySelectorAll('text')) {
    const box = text.getBoundingClientRect();
    const x = box.x + box.width / 2, y = box.y + box.height / 2;
    const holders = shapes.filter(({ box: b }) => b.left <= x && x <= b.right && b.top <= y && y <= b.bottom);
    const color = holders.length ? holders.at(-1).fill : page;
    const [low, high] = [luminance(color), luminance(getComputedStyle(text).fill)].sort((a, b) => a - b);
    lowest = Math.min(lowest, (high + 0.05) / (low + 0.05));
  }
  return lowest;
}"""


def test_pictures_of_plots_follow_the_theme(open_page, of_type):
    """Of the two pictures of a plot, the one of the theme is shown."""
    for name in of_type("system"):
        for theme, other in (("light", "dark"), ("dark", "light")):
            page = open_page(name, theme)
            for picture in page.locator(f"article img.only-{theme}").all():
                assert picture.is_visible()
            for picture in page.locator(f"article img.only-{other}").all():
                assert not picture.is_visible()


def test_theme_toggle_reaches_the_diagrams(open_page, of_type):
    page = open_page(of_type("system")[0])
    text = page.locator(".diagram text").first
    color = text.evaluate("e => getComputedStyle(e).fill")
    for _ in range(3):
        page.locator("button.theme-toggle:visible").first.click()
        if page.evaluate("document.body.dataset.theme") == "dark":
            break
    assert page.evaluate("document.body.dataset.theme") == "dark"
    assert text.evaluate("e => getComputedStyle(e).fill") != color


@pytest.mark.parametrize("width", [1280, 390])
def test_every_control_is_reached_by_tab(open_page, of_type, width):
    """The cite controls, the copy buttons, the drawers: whatever can be clicked has its turn, and shows it."""
    page = open_page(of_type("system")[0], width=width)
    expected = page.evaluate(f"() => {{ {NUMBER_CONTROLS} }}")
    assert expected >= 10
    reached, invisible = set(), []
    page.locator("body").press("Tab")
    first = page.evaluate("document.activeElement.className")
    assert "skip-to-content" in first
    for _ in range(expected + 600):
        number, outlined, html = page.evaluate(FOCUSED)
        if number is not None:
            if number in reached:
                break
            reached.add(number)
            if not outlined:
                invisible.append(html)
        elif "skip-to-content" in html and reached:
            break
        page.keyboard.press("Tab")
    missing = page.evaluate(
        "reached => [...document.querySelectorAll('[data-control]')]"
        ".filter(e => !reached.includes(e.dataset.control)).map(e => e.outerHTML.slice(0, 160))",
        list(reached),
    )
    assert missing == [] and invisible == []


NUMBER_CONTROLS = """
  const kinds = 'button, [role=button], summary, input:not([type=hidden]), select, pre[tabindex]';
  const controls = [...document.querySelectorAll(kinds)]
    .filter(e => e.checkVisibility({visibilityProperty: true}) && !e.closest('[inert]') && !e.disabled
                 && !e.classList.contains('sidebar-toggle') && !e.classList.contains('toctree-checkbox'));
  controls.forEach((e, i) => e.dataset.control = i);
  return controls.length;
"""
FOCUSED = """() => {
  const e = document.activeElement, style = getComputedStyle(e);
  const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
  return [e.dataset.control ?? null, outlined, e.outerHTML.slice(0, 160)];
}"""


def test_boxes_that_scroll_are_named_and_focusable(open_page, of_type):
    """At phone width, wide code, tables and diagrams scroll in their own box."""
    page = open_page(of_type("system")[0], width=390, height=844)
    boxes = page.locator("article [data-scrolls]")
    assert boxes.count() >= 2
    labels = [box.get_attribute("aria-label") for box in boxes.all()]
    assert all(labels) and len(set(labels)) == len(labels)
    for box in boxes.all():
        assert box.get_attribute("tabindex") == "0"
    page.set_viewport_size({"width": 1600, "height": 900})
    page.wait_for_timeout(200)
    assert page.locator("article .diagram[tabindex]").count() == 0 or page.evaluate(
        "[...document.querySelectorAll('article .diagram[tabindex]')].every(e => e.scrollWidth > e.clientWidth)"
    )


def test_drawer_opens_and_closes_by_keyboard(open_page):
    page = open_page("index.html", width=390, height=844)
    button = page.get_by_role("button", name="Contents of the book")
    button.focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(400)
    assert button.get_attribute("aria-expanded") == "true"
    assert page.locator("input.sidebar-search").bounding_box()["x"] >= 0
    page.keyboard.press("Escape")
    page.wait_for_timeout(400)
    assert button.get_attribute("aria-expanded") == "false"


def test_paper_has_only_the_text(open_page, of_type):
    page = open_page(of_type("system")[0], theme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    for selector in (".sidebar-drawer", ".toc-drawer", "footer", "button.copybtn"):
        assert not any(element.is_visible() for element in page.locator(selector).all()), selector
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") in (
        "rgb(255, 255, 255)",
        "rgba(0, 0, 0, 0)",
    )
    assert page.locator(".diagram").first.evaluate("e => e.scrollWidth <= e.clientWidth")
