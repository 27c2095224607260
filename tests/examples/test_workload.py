"""The shared job gives its known answers, in plain Python, before any engine runs it."""

from __future__ import annotations

import urllib.error

import pytest

from examples.workload.answers import GROUPS, PAGE_BYTES, SUMMARIES
from examples.workload.inspection import READINGS_PER_BATCH, make_batch, make_batches, summarise
from examples.workload.table import group, make_table
from examples.workload.web import fetch, serve


def test_summaries() -> None:
    assert [summarise(batch) for batch in make_batches(len(SUMMARIES))] == SUMMARIES


def test_batches_are_numbered() -> None:
    assert make_batches(3)[2] == make_batch(2)
    assert len(make_batch(0)) == READINGS_PER_BATCH
    assert make_batch(0) != make_batch(1)


def test_batch_is_within_its_bounds() -> None:
    members, thicknesses = zip(*make_batch(5), strict=True)
    assert set(members) == set(range(20))
    assert min(thicknesses) >= 8
    assert max(thicknesses) < 13


def test_groups_agree_with_a_plain_loop() -> None:
    readings: dict[int, list[float]] = {}
    for number in range(8):
        for member, thickness in make_batch(number):
            readings.setdefault(member, []).append(thickness)
    loop = {member: (len(mm), round(sum(mm) / len(mm), 6)) for member, mm in sorted(readings.items())}
    assert loop == GROUPS


def test_groups_agree_with_pandas() -> None:
    result = group(make_table(8))
    assert {member: (int(row["count"]), float(row["mean"])) for member, row in result.iterrows()} == GROUPS


def test_pages() -> None:
    with serve(latency=0) as base:
        assert [fetch(f"{base}/page/{number}") for number in range(len(PAGE_BYTES))] == PAGE_BYTES


@pytest.mark.parametrize("path", ["/", "/page/x", "/other/1"])
def test_other_paths_are_not_found(path: str) -> None:
    with serve(latency=0) as base, pytest.raises(urllib.error.HTTPError, match="404"):
        fetch(base + path)


def test_server_ends_with_its_block() -> None:
    with serve(latency=0) as base:
        pass
    with pytest.raises(urllib.error.URLError):
        fetch(f"{base}/page/0", timeout=1)
