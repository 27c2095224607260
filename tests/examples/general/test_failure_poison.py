"""All work that can be finished is finished, wherever the poison stands."""

from __future__ import annotations

import sys

import pytest

from examples.foundations.quarantine_poison import measure_wall, run_all

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")


@pytest.mark.parametrize("items", [["poison", "a", "bb"], ["a", "bb", "poison"], ["a", "bb"]])
def test_only_the_poison_is_quarantined(items: list[str]) -> None:
    results, quarantine = run_all(measure_wall, items, attempts=1)
    assert results == {"a": 1, "bb": 2}
    assert quarantine == [item for item in items if item == "poison"]
