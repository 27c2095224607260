"""No number about a system is typed into prose."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.pages import ROOT, find_pages
from tools.typed_numbers import check_pages, check_text

NAMES = {"ray": {"Ray"}, "aws-lambda": {"AWS Lambda", "Lambda"}, "threading": {"threading"}}
OTHER, OWN = Path("book/foundations/index.md"), Path("book/distributed-computing-frameworks/ray.md")


@pytest.mark.parametrize("page", find_pages(), ids=lambda page: page.relative_to(ROOT / "book").as_posix())
def test_no_number_about_a_system_is_typed(page: Path) -> None:
    found = check_pages([page])
    assert not found, "\n" + "\n".join(map(str, found))


def quantities(text: str, path: Path = OTHER) -> list[str]:
    return [number.quantity for number in check_text(text, path, NAMES)]


@pytest.mark.parametrize(
    "quantity",
    [
        *("5 ms", "0.4 s", "10 µs", "3 seconds", "half a second", "two minutes", "1,000 ms", "2–3 s", "5ms"),
        *("64 MB", "1.5 GiB", "80 million bytes", "a hundred megabytes", "100-byte"),
        *("40 %", "40%", "15 percent", "3 times", "three times", "10×", "4x", "tenfold", "5-fold", "twice as fast"),
        *("20,000 tasks per second", "500 tasks/s", "1000/s", "300 per second", "12 packages", "twice the memory"),
    ],
)
def test_a_quantity_in_a_sentence_about_a_system_is_found(quantity: str) -> None:
    text = f"The number for Ray is {quantity} here."
    assert quantities(text) == [quantity]
    assert quantities(text.replace("Ray", "it"), OWN) == [quantity]
    assert not quantities(text.replace("Ray", "it"))


@pytest.mark.parametrize(
    "text",
    [
        "Ray 2.60 runs on Python 3.14 and 3.11.7.",
        "Ray was released on 2026-10-01, in October 2026.",
        "Ray starts two workers and 4 tasks with 3 arguments.",
        "The second argument of Ray and the 95th percentile stand in section 3.2.",
        "Ray takes {measured}`ray:task_cost.roundtrip` for a task.",
        "Ray takes {claim}`at least 5 times <ray:a / ray:b >= 5>` less.",
        "Ray waits `timeout=5 s` and $5\\,s$.",
        "Ray handles 1.8 million tasks per second {cite:p}`ray-paper`.",
        "Ray sleeps for [200 ms]{.given} in this example.",
        "METG(50 %) of Ray with its 95 % interval, and a 95 % confidence interval.",
        "```python\nRay = '5 ms'\n```",
        "% Ray takes 5 ms.",
        "A task costs 5 ms. Ray does not.",
        "Array and stray take 5 ms, and so does X-ray.",
        "| a | b |\n|---|---|\n| Ray takes 5 ms | {cite:p}`ray-a` |",
    ],
)
def test_what_is_no_typed_number(text: str) -> None:
    assert not quantities(text)


@pytest.mark.parametrize(
    "text",
    [
        "`ray.get` takes 5 ms.",
        "{ref}`The other one <ray-performance>` takes 5 ms.",
        "Lambda stops after 15 minutes.",
        "## Ray takes 5 ms",
        "* one\n* Ray takes\n  5 ms",
        "| system | time |\n|---|---|\n| Ray | 5 ms |",
        "```{note}\nRay takes 5 ms.\n```",
        "```{uml} x.puml\n:caption: Ray takes 5 ms.\n```",
        "Ray was measured {cite:p}`ray-a`. Ray takes 5 ms.",
        "Ray **takes\n5 ms**.",
    ],
)
def test_a_system_is_named_in_many_ways(text: str) -> None:
    assert len(quantities(text)) == 1


def test_the_message_names_file_line_and_remedies() -> None:
    [number] = check_text("# Title\n\nOne line.\nRay takes\n5 ms here.\n", OTHER, NAMES)
    assert str(number).startswith(
        "book/foundations/index.md:5: typed number '5 ms' in a sentence about ray: show it with"
    )
    [nested] = check_text("One.\n\n:::{note}\n:class: x\n\nTwo.\n\n```{tip}\nRay takes 5 ms.\n```\n:::\n", OTHER, NAMES)
    assert nested.line == 9
