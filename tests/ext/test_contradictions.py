"""The ledger of contradictions on minimal books, and the ledger of this book."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from register_data import book
from sphinx_project import EXTENSIONS, ROOT, build

if str(EXTENSIONS) not in sys.path:
    sys.path.insert(0, str(EXTENSIONS))

from ppm_contradictions.load import Contradiction, load
from ppm_register.load import read_sources

from tools.typed_numbers import QUANTITY

CONFIG = {
    "extensions": ["myst_parser", "sphinxcontrib.bibtex", "ppm_register", "ppm_contradictions"],
    "bibtex_bibfiles": ["_data/sources/ray.bib"],
}
ENTRY = '''\
id = "ray-speed"
title = "How fast is a `ray` task?"
question = "What does one empty task cost?"
verdict = """
It costs {measured}`ray:task_cost.stream`,
{claim}`less than a millisecond <ray:task_cost.stream <= 0.001>`.
"""

[[claims]]
text = "A task is *fast*."
figure = "below 1 ms"
source = "ray-faults"
locator = "Speed"
version = "2.60.0"
checked = 2026-11-24

[[claims]]
text = "Tasks below ten milliseconds gain nothing."
source = "ray-faults"
locator = "Tips"
version = "commit abc"
checked = 2026-11-24

[[measurements]]
probe = "ray:task_cost.stream in us"
shows = "One empty task in a stream"
'''
PAGE = "# Ledger\n\n## Entries\n\n```{contradictions}\n```\n\n```{bibliography}\n```\n"
PLACE = "_data/contradictions/ray-speed.toml"


def show(tmp_path: Path, entry: str = ENTRY, page: str = PAGE, builder: str = "html", **files: str):
    return build(tmp_path, book(page) | {PLACE: entry} | files, builder, confoverrides=CONFIG)


def errors(result) -> list[str]:
    return [line for line in result.warnings.splitlines() if "ERROR" in line or "WARNING" in line]


def test_an_entry_is_a_section_with_its_label(tmp_path: Path) -> None:
    result = show(tmp_path, page=PAGE + "\nSee {ref}`contradiction-ray-speed`.\n")
    assert not result.warnings
    page = BeautifulSoup(result.html("index"), "html.parser")
    section = page.select_one("section#contradiction-ray-speed")
    assert section.find_parent("section")["id"] == "entries"
    assert section.h3.get_text().startswith("How fast is a ray task?")
    assert section.select_one(".contradiction-question").get_text() == "What does one empty task cost?"
    assert page.select_one('a.reference[href="#contradiction-ray-speed"] .std-ref').get_text().startswith("How fast is")


def test_the_table_says_who_says_what_and_where(tmp_path: Path) -> None:
    table = BeautifulSoup(show(tmp_path).html("index"), "html.parser").select_one("table.contradiction-claims")
    assert [cell.get_text() for cell in table.select("th")] == ["Where", "What it says", "In short"]
    first, second = ([cell.get_text(" ", strip=True) for cell in row.select("td")] for row in table.select("tbody tr"))
    assert first[0].startswith("Task Fault Tolerance , Speed (2.60.0) [")
    assert first[1:] == ["A task is fast .", "below 1 ms"] and second[2] == "–"
    assert table.select_one("td a.external")["href"] == "https://docs.ray.io/faults.html"
    assert table.select_one("td em").get_text() == "fast"


def test_measurement_and_verdict_stand_below(tmp_path: Path) -> None:
    outcome = BeautifulSoup(show(tmp_path).html("index"), "html.parser").select_one("dl.contradiction-outcome")
    for note in outcome.select(".register-note"):
        note.decompose()
    text = outcome.get_text().replace("\N{NO-BREAK SPACE}", " ")
    assert [term.get_text() for term in outcome.select("dt")] == ["Measured here", "Verdict"]
    assert "One empty task in a stream: 100 µs" in text and "It costs 100 µs,\nless than a millisecond." in text


@pytest.mark.parametrize(
    ("change", "term", "text"),
    [
        ('reason = "It needs a cluster."\n', "Not measured here", "It needs a cluster."),
        ("", "Shown by running it", "It runs: examples/show.py"),
    ],
)
def test_what_is_not_measured_is_said(tmp_path: Path, change: str, term: str, text: str) -> None:
    (tmp_path / "examples").mkdir()
    (tmp_path / "examples" / "show.py").touch()
    shown = '[[demonstrations]]\npath = "examples/show.py"\nshows = "It runs"\n' if not change else ""
    entry = change + ENTRY.partition("[[measurements]]")[0] + shown
    outcome = BeautifulSoup(show(tmp_path, entry).html("index"), "html.parser").select_one(".contradiction-outcome")
    assert outcome.dt.get_text() == term and outcome.dd.get_text().strip() == text


def test_chosen_entries_keep_the_order_of_the_option(tmp_path: Path) -> None:
    other = ENTRY.replace('"ray-speed"', '"a-first"')
    page = PAGE.replace("```{contradictions}", "```{contradictions}\n:ids: ray-speed, a-first")
    result = show(tmp_path, page=page, **{"_data/contradictions/a-first.toml": other})
    found = BeautifulSoup(result.html("index"), "html.parser").select("section.contradiction")
    assert [section["id"] for section in found] == ["contradiction-ray-speed", "contradiction-a-first"]


def test_the_paper_edition_has_it_too(tmp_path: Path) -> None:
    assert not show(tmp_path, builder="text").warnings


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('title = "How fast is a `ray` task?"\n', "", f"{PLACE}:1: ERROR: key 'title' is missing"),
        ('id = "ray-speed"', 'id = "ray-spede"', f"{PLACE}:1: ERROR: id 'ray-spede' must be the file's name"),
        ('"commit abc"', "3", f"{PLACE}:21: ERROR: claims.1.version: 3 must be of type string"),
        ('"Tips"\n', '"Tips"\npage = "x"\n', f"{PLACE}:21: ERROR: unknown key 'claims.1.page'"),
        ("checked = 2026-11-24", 'checked = "today"', f"{PLACE}:15: ERROR: claims.0.checked: 'today' is not a date"),
        (
            'source = "ray-faults"\nlocator = "Tips"',
            'source = "ray-fault"\nlocator = "Tips"',
            f"{PLACE}:19: ERROR: claims.1.source: no source 'ray-fault' in _data/sources/*.bib; did you",
        ),
        (
            "[[measurements]]\n" + ENTRY.partition("[[measurements]]\n")[2],
            "",
            f"{PLACE}:4: ERROR: one of measurements, demonstrations, reason must say what stands behind the verdict",
        ),
        (
            "verdict = ",
            'reason = "No time."\nverdict = ',
            f"{PLACE}:4: ERROR: reason: says why nothing was measured, but there is a measurement or a demonstration",
        ),
        (
            "[[measurements]]",
            '[[demonstrations]]\npath = "examples/gone.py"\nshows = "It"\n\n[[measurements]]',
            f"{PLACE}:25: ERROR: demonstrations.0.path: no file 'examples/gone.py'",
        ),
        ("[[claims]]", "[[claims", f"{PLACE}:9: ERROR: "),
    ],
)
def test_a_mistake_is_one_error_with_its_place(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in ENTRY
    found = errors(show(tmp_path, ENTRY.replace(old, new, 1)))
    assert len([line for line in found if PLACE in line]) == 1 and message in found[0], found


def test_one_claim_is_no_contradiction(tmp_path: Path) -> None:
    head, _, rest = ENTRY.partition("[[claims]]")
    entry = f"{head}[[claims]]{rest.partition('[[claims]]')[0]}[[measurements]]{rest.partition('[[measurements]]')[2]}"
    found = errors(show(tmp_path, entry))
    assert f"{PLACE}:9: ERROR: claims: one claim contradicts nothing; there must be two at least" in found[0]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "task_cost.stream in us",
            "task_cost.flow",
            f"{PLACE}:25: ERROR: {{measured}}`ray:task",
        ),
        ("<= 0.001", "<= 0.00001", f"{PLACE}:6: ERROR: {{claim}}"),
    ],
)
def test_a_role_that_fails_names_the_line_of_the_entry(tmp_path: Path, old: str, new: str, message: str) -> None:
    found = errors(show(tmp_path, ENTRY.replace(old, new, 1)))
    assert len(found) == 1 and message in found[0], found


@pytest.mark.parametrize(
    ("page", "message"),
    [
        (
            PAGE.replace("```{contradictions}", "```{contradictions}\n:ids: ray-sped"),
            "unknown entry 'ray-sped'",
        ),
        (PAGE.replace("```{contradictions}\n```", "- ```{contradictions}\n  ```"), "must stand directly in one"),
    ],
)
def test_a_mistake_on_the_page_is_reported_there(tmp_path: Path, page: str, message: str) -> None:
    found = errors(show(tmp_path, page=page))
    assert "index.md:" in found[0] and message in found[0], found


def test_an_entry_that_changed_is_read_again(tmp_path: Path) -> None:
    assert not show(tmp_path).warnings
    assert "below 2 ms" in show(tmp_path, ENTRY.replace("below 1 ms", "below 2 ms")).html("index")


# The ledger of this book.


@pytest.fixture(scope="module")
def ledger() -> dict[str, Contradiction]:
    data = ROOT / "book" / "_data"
    entries, problems = load(data, read_sources(data / "sources")[0])
    assert not problems, "\n" + "\n".join(map(str, problems))
    return entries


def test_the_ledger_has_what_it_promises(ledger: dict[str, Contradiction]) -> None:
    assert len(ledger) >= 8
    assert sum(not entry.data.get("reason") for entry in ledger.values()) >= 8


def test_every_claim_was_checked_and_differs_from_another(ledger: dict[str, Contradiction]) -> None:
    for entry in ledger.values():
        claims = entry.data["claims"]
        assert len({(claim["source"], claim["locator"], claim["text"]) for claim in claims}) == len(claims), entry.path
        for claim in claims:
            assert datetime.date.fromisoformat(claim["checked"]) <= datetime.date.today(), entry.path


def test_verdicts_show_numbers_by_roles(ledger: dict[str, Contradiction]) -> None:
    """What a verdict says in figures is measured, or cited in the same sentence, as on every page."""
    from tools.typed_numbers import passages

    found = []
    for entry in ledger.values():
        for passage in passages(entry.data["verdict"]):
            for start, end in passage.sentences():
                cited = any(start <= place < end for place in passage.citations)
                quantity = QUANTITY.search(passage.text, start, end)
                if quantity and not cited:
                    found.append(f"{entry.path.name}: {quantity.group()!r}")
    assert not found, "\n".join(found)


def test_labels_of_the_ledger_are_permanent() -> None:
    from tools.ids import read_ids

    labels = read_ids(ROOT).labels
    files = sorted((ROOT / "book" / "_data" / "contradictions").glob("*.toml"))
    assert not [path.name for path in files if f"contradiction-{path.stem}" not in labels]
