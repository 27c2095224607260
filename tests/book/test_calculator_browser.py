"""The calculator in a browser, from disk: by keyboard, by link, in both themes, on a phone."""

import re
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from tests.measure.javascript_cases import RUN_CASES, TABLE, wrong_cases

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
PAGE = "performance-analysis/break-even.html"


@pytest.fixture
def calculator(open_page, pages):
    """Open the page with a state in its address."""
    if PAGE not in pages:
        pytest.skip(f"the book has no page {PAGE}")

    def open_(state: str = "", **options):
        page = open_page(f"{PAGE}#{state}" if state else PAGE, **options)
        page.wait_for_selector(".calculator-table")
        return page

    return open_


def rows(page) -> list[list[str]]:
    """The cells of the results, row by row."""
    return page.evaluate(
        "[...document.querySelectorAll('.calculator-table tbody tr')]"
        ".map(row => [...row.cells].map(cell => cell.innerText.replaceAll('\\u00a0', ' ')))"
    )


def headline(page) -> str:
    return page.locator(".calculator-headline").inner_text()


def state(page) -> dict[str, str]:
    """What the address says."""
    return dict(parse_qsl(page.evaluate("location.hash").partition("?")[2], keep_blank_values=True))


SECONDS = {"ns": 1e-9, "µs": 1e-6, "ms": 1e-3, "s": 1, "min": 60, "h": 3600, "days": 86400}


def seconds(text: str) -> float:
    number, unit = text.split(" ")
    return float(number.replace(",", "")) * SECONDS[unit]


def test_the_javascript_model_gives_the_results_of_the_shared_table(calculator):
    assert wrong_cases(TABLE, calculator().evaluate(RUN_CASES, TABLE)) == {}


def test_results_are_sorted_and_their_parts_add_up(calculator):
    page = calculator("calculator?tasks=5000&work=3+ms&in=0+B&out=0+B&kind=python&workers=2&running=no")
    heads = [head.strip() for head in page.locator(".calculator-table thead th").all_inner_texts()]
    found = [dict(zip(heads, row, strict=True)) for row in rows(page) if len(row) == len(heads)]
    times = [seconds(row["Time"]) for row in found]
    assert len(found) >= 4 and times == sorted(times)
    for row in found:
        if row["System"] != "Plain loop":
            total = sum(seconds(row[part]) for part in ("Start-up", "Dispatch", "Transfer", "Work"))
            assert total == pytest.approx(seconds(row["Time"]), rel=0.11), row  # each has two digits
    assert next(row for row in found if row["System"] == "Plain loop")["Time"] == "15 s"


def test_the_page_and_the_calculator_agree_on_a_typical_job(calculator):
    """The table that Python wrote into the page against the form's JavaScript."""
    page = calculator("calculator?tasks=1000&work=5+ms&in=0+B&out=0+B&kind=python&running=no")
    written = page.evaluate(
        "[...document.querySelectorAll('table.measurement-table')].find(t => t.innerText.includes('typical jobs'))"
        ".querySelectorAll('tbody tr').values().toArray().map(row => [...row.cells].map(cell => cell.innerText))"
    )
    wanted = {row[0]: re.sub(r"\s", " ", row[2]).partition(" (")[0] for row in written}
    shown = {row[0].partition("\n")[0].removesuffix(" extrapolated"): row[1] for row in rows(page)}
    for name, time in wanted.items():
        if time != "–":
            assert shown[name] == time, name


def test_state_goes_into_the_address_and_comes_back(calculator):
    page = calculator()
    page.locator("#calculator-tasks").fill("12,000")
    page.locator("#calculator-work").fill("40 µs")
    page.locator("#calculator-kind").select_option("python")
    page.locator("#calculator-running").check()
    page.locator(".calculator-systems input").first.uncheck()
    first = page.locator(".calculator-systems input").first.get_attribute("name")
    saved = state(page)
    assert saved["tasks"] == "12,000" and saved["work"] == "40 µs" and saved["running"] == "yes"
    assert first not in saved["systems"].split(",")
    again = calculator(page.evaluate("location.hash").removeprefix("#"))
    assert state(again) == saved and rows(again) == rows(page) and headline(again) == headline(page)
    assert again.locator(".calculator-notice").inner_text() == ""


def test_a_bad_link_is_explained_and_replaced_by_defaults(calculator):
    page = calculator("calculator?tasks=-5&work=2&kind=quantum&running=maybe&systems=nobody&bogus=1&workers=3")
    notice = page.locator(".calculator-notice")
    assert notice.get_attribute("role") == "alert"
    text = notice.inner_text()
    for said in (
        "tasks: cannot be negative",
        "work: “2” has no unit",
        "kind: “quantum” is no kind of work",
        "running: “maybe” is neither yes nor no",
        "systems: there is no “nobody” here",
        "bogus: there is no such field",
    ):
        assert said in text
    assert page.locator("#calculator-tasks").input_value() == "1,000"
    assert page.locator("#calculator-workers").input_value() == "3"
    assert len(rows(page)) >= 3


def test_a_bad_field_is_explained_beside_it(calculator):
    page = calculator()
    field = page.locator("#calculator-work")
    field.fill("2,5 ms")
    assert field.get_attribute("aria-invalid") == "true"
    described = field.get_attribute("aria-describedby").split()
    assert "Work in one task: “2,5 ms” is no number" in " ".join(page.locator(f"#{i}").inner_text() for i in described)
    assert "correct the fields" in headline(page) and page.locator(".calculator-table").count() == 0
    field.fill("2.5 ms")
    assert field.get_attribute("aria-invalid") is None and page.locator(".calculator-table").count() == 1


def test_beyond_what_was_measured_there_is_a_warning(calculator):
    inside = "calculator?tasks=200&work=20+ms&in=0+B&out=0+B&kind=python&workers=2"
    assert "Warning" not in headline(calculator(inside))
    page = calculator(inside.replace("workers=2", "workers=64"))
    assert "Warning: beyond what was measured" in headline(page) and "Workers" in headline(page)
    assert any("extrapolated" in row[0] for row in rows(page))


def test_the_keyboard_is_enough(calculator):
    page = calculator()
    page.locator("#calculator-tasks").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("77")
    for _ in range(2):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "calculator-kind"
    for _ in range(4):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "calculator-running"
    page.keyboard.press("Space")
    assert state(page)["tasks"] == "77" and state(page)["running"] == "yes"
    page.locator(".calculator-buttons button", has_text="None").press("Enter")
    assert "Choose a system" in headline(page)
    page.locator(".calculator-buttons button", has_text="Reset").press("Enter")
    assert page.locator("#calculator-tasks").input_value() == "1,000" and len(rows(page)) >= 3


def test_every_control_has_a_name_and_results_are_announced(calculator):
    page = calculator()
    unnamed = page.evaluate(
        "[...document.querySelectorAll('#calculator input, #calculator select')].filter(e => !e.labels.length)"
        ".map(e => e.outerHTML)"
    )
    assert unnamed == []
    assert page.locator(".calculator-headline").get_attribute("aria-live") == "polite"
    assert page.locator(".calculator-bars").get_attribute("aria-hidden") == "true"  # the table says the same


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_in_the_calculator(calculator, theme, width):
    """Also where the link and a field are wrong and a warning is shown."""
    page = calculator("calculator?workers=999&bogus=1", theme=theme, width=width)
    for wrong in (False, True):
        if wrong:
            page.locator("#calculator-work").fill("2,5 ms")
        page.add_script_tag(path=AXE)
        found = page.evaluate("axe.run('#calculator', {resultTypes: ['violations']})")["violations"]
        assert [(item["id"], [node["html"][:160] for node in item["nodes"][:3]]) for item in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_bars_differ_in_pattern_and_end_inside_their_track(calculator):
    page = calculator("calculator?tasks=1000&work=10+us&in=0+B&out=0+B&kind=python")
    looks = page.evaluate(
        "['startup', 'dispatch', 'transfer', 'work', 'loop'].map(part => {"
        " const style = getComputedStyle(document.querySelector(`.calculator-legend .calculator-part-${part}`));"
        " return style.backgroundImage.replace(/rgba?\\([^)]*\\)/g, '') + style.borderStyle; })"
    )
    assert len(set(looks)) == 5
    overflowing = page.evaluate(
        "[...document.querySelectorAll('.calculator-bar-track')].filter(t => t.scrollWidth > t.clientWidth + 1).length"
    )
    assert overflowing == 0


def test_without_javascript_there_is_a_note_and_a_table(browser, html):
    if not (html / PAGE).exists():
        pytest.skip(f"the book has no page {PAGE}")
    context = browser.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto((html / PAGE).as_uri())
        assert page.locator("#calculator noscript").is_visible() or "needs JavaScript" in page.content()
        assert page.locator("table.measurement-table", has_text="typical jobs").is_visible()
        assert page.locator("#calculator form").count() == 0
    finally:
        context.close()
