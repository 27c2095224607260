"""The watcher tells answers from failures, and what it started is gone afterwards."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from examples.dataframes import join_with_duckdb, join_with_pandas, join_with_polars
from examples.dataframes.check_answers import rows_of, same_answer
from examples.dataframes.make_tables import make_tables
from examples.dataframes.measure import LIBRARIES, Adapter
from examples.dataframes.start_engines import ENGINES
from examples.dataframes.watch_job import ROOT, watch


@pytest.fixture(scope="module")
def folder(home: Path) -> Path:
    return make_tables(home / "tables", 5_000, 1_000)


def test_one_process_three_libraries(folder: Path) -> None:
    one, *others = (rows_of(module.join(folder)) for module in (join_with_pandas, join_with_polars, join_with_duckdb))
    assert len(one) == 15
    assert all(same_answer(one, other) for other in others)
    assert not same_answer(one, one[:-1])
    assert not same_answer(one, [*one[:-1], (*one[-1][:2], one[-1][2] + 1, *one[-1][3:])])


def test_peak_and_seconds(folder: Path) -> None:
    run = watch("pandas", folder)
    assert run.code == 0
    assert run.peak > 10**7
    assert run.jobs[0]["seconds"] > 0


def test_failure_and_limit(folder: Path, home: Path) -> None:
    missing = watch("pandas", home / "nothing")
    assert missing.code == 1
    assert "FileNotFoundError" in missing.errors
    late = watch("pandas", folder, limit=0.1)
    assert late.code == -1
    assert "no answer within" in late.errors


def test_adapter(home: Path) -> None:
    adapter = Adapter()
    adapter.start(2, home)
    probes = adapter.extra({"small": 2_000}, {"small": ("pandas", "duckdb")})
    assert set(probes) == {
        f"{name}.{what}" for name in ("pandas", "duckdb") for what in ("small", "small.peak", "start")
    }
    assert all(take() == take() > 0 for _, take in probes.values())  # the warm-up, and the first sample
    adapter.stop()


def test_every_probe_has_a_title() -> None:
    titles = tomllib.loads((ROOT / "book/_data/measured/dataframes.toml").read_text("utf8"))["probes"]
    names = {f"{name}.{size}{what}" for size in LIBRARIES for name in LIBRARIES[size] for what in ("", ".peak")}
    assert set(titles) == names | {f"{name}.start" for name in ENGINES}
