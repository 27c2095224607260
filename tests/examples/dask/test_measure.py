"""The adapters of the measuring harness give right answers before anybody times them."""

from __future__ import annotations

import pytest

from examples.dask.measure import VARIANTS
from examples.measure.probes import check


@pytest.fixture(scope="module", params=VARIANTS, ids=lambda variant: variant or "default")
def adapter(request, home):
    """Each variant, started with two workers."""
    started = VARIANTS[request.param]()
    started.start(2, home)
    yield started
    started.stop()


def test_answers_are_right(adapter):
    check(adapter)


def test_an_impure_function_runs_each_time(adapter, tmp_path):
    marks = tmp_path / "marks"
    for _ in range(2):
        adapter.one(leave_mark, marks)
    assert marks.stat().st_size == 2


def test_own_probes_return_seconds(adapter):
    for name, (unit, take) in adapter.extra().items():
        assert unit == "s", name
        assert 0 < take() < 60, name


def leave_mark(marks):
    """Append one byte."""
    with marks.open("ab") as file:
        file.write(b".")
