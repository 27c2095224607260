"""What the page on trust says of two quick runs is what ``compare --agree`` wrote (``book/_data/agreement.json``)."""

from __future__ import annotations

import json
import re

import pytest

from examples.measure.compare import JUDGED_SHARE, SHARE
from tools.systems import ROOT


@pytest.fixture(scope="module")
def found():
    return json.loads((ROOT / "book/_data/agreement.json").read_text("utf8"))


@pytest.fixture(scope="module")
def section():
    text = (ROOT / "book/performance-analysis/trust.md").read_text("utf8")
    return " ".join(text.partition("(performance-trust-two-runs)=")[2].split())


def test_two_quick_runs_on_one_machine_and_commit(found):
    a, b = found["a"], found["b"]
    assert (a["effort"], b["effort"]) == ("quick", "quick") and a["to"] < b["from"]
    assert a["machine"] == b["machine"] and a["commit"] == b["commit"] and not a["commit"].endswith("+")
    assert a["systems"] == b["systems"]


def test_they_agree(found):
    assert found["agree"] >= SHARE * found["judged"] and found["judged"] >= JUDGED_SHARE * found["probes"]


def test_the_page_tells_the_outcome(found, section):
    assert f"{found['agree']} of {found['judged']} probes agree" in section
    assert f"{found['probes'] - found['judged']} more" in section
    half, most = (round(found[share] * 100) for share in ("half", "nine in ten"))
    assert re.search(rf"half of the probes differ by at most \[?{half} %", section)
    assert re.search(rf"nine in ten by at most \[?{most} %", section)
    assert found["a"]["machine"] in section
