"""The jobs of AssetUtilities: every method gives the original's answers, each way to run it too, at tiny size."""

from __future__ import annotations

import contextlib
import importlib
from pathlib import Path

import pytest

from examples.assetutilities import trap_current_figure as trap
from examples.assetutilities.job import compare, one_by_one
from examples.assetutilities.measure import JOBS, VARIANTS
from examples.measure.probes import PROBES, check
from tools.systems import ROOT

#: Arguments that make a job small.
SIZES = {
    "excel": {"count": 2, "rows": 5},
    "csv": {"count": 2, "rows": 50},
    "pdf": {"count": 2, "pages": 2},
    "charts": {"count": 2},
    "reports": {"count": 2, "rows": 3},
    "zip": {"count": 12},
    "pages": {"count": 3},
}


@contextlib.contextmanager
def inputs_of(job: str, folder: Path):
    """Make the inputs of a job; those of the pages live as long as their server."""
    module = importlib.import_module(f"examples.assetutilities.{JOBS[job][0]}")
    if job != "pages":
        yield module, module.make_inputs(folder / job, **SIZES[job])
        return
    from examples.assetutilities.serve_pages import serving

    with serving(0.0) as address:
        yield module, module.make_inputs(address, **SIZES[job])


@pytest.mark.parametrize("job", JOBS)
def test_every_method_gives_the_answer_of_the_original(job: str, tmp_path: Path) -> None:
    with inputs_of(job, tmp_path) as (module, inputs):
        assert set(module.METHODS) == set(JOBS[job][1])
        first, *others = module.METHODS
        right = [module.answer(result) for result in module.METHODS[first].run(inputs, one_by_one)]
        assert len(right) == SIZES[job]["count"] and all(right) and right[0] != right[1]
        assert compare(module, inputs) == {name: module.METHODS[name].same_answer for name in others}


def test_each_probe_takes_a_sample_and_compares_the_answers(tmp_path: Path) -> None:
    adapter = VARIANTS[""]()
    adapter.start(2, tmp_path)
    try:
        check(adapter)
        probes = adapter.extra(**SIZES)
        assert len(probes) == sum(len(ways) for _, methods in JOBS.values() for ways in methods.values())
        for name, (unit, take) in probes.items():
            assert unit == "s" and take() > 0, name
    finally:
        adapter.stop()


def test_a_wrong_answer_is_no_sample(tmp_path: Path) -> None:
    adapter = VARIANTS[""]()
    module = importlib.import_module("examples.assetutilities.zip_stems")
    inputs = module.make_inputs(tmp_path, 2)
    take = adapter._sampler("zip.x", module, module.METHODS["grouped"], one_by_one, inputs, [("case.zip", [])])
    with pytest.raises(RuntimeError, match=r"zip\.x gave another answer than the original"):
        take()


def test_only_its_own_probes_are_taken() -> None:
    from examples.measure.__main__ import wanted

    assert list(wanted(PROBES, VARIANTS)) == ["extra"]


def test_every_probe_has_a_title() -> None:
    import tomllib

    data = tomllib.loads((ROOT / "book" / "_data" / "measured" / "assetutilities.toml").read_text("utf8"))
    names = {
        f"{job}.{name}.{way}" for job, (_, methods) in JOBS.items() for name, ways in methods.items() for way in ways
    }
    assert set(data["probes"]) == names


def test_a_stem_that_is_part_of_another_takes_its_files_in_the_original_only(tmp_path: Path) -> None:
    from examples.assetutilities.zip_stems import METHODS, answer

    inbox = tmp_path / "in"
    inbox.mkdir()
    for name in ("case1.csv", "case10.csv"):
        (inbox / name).write_text(name, "utf8")
    config = {
        "analysis": {"input_directory": str(inbox)},
        "Analysis": {"result_folder": str(tmp_path)},
        "file_management": {"input_files": {"csv": [inbox / "case1.csv", inbox / "case10.csv"]}},
    }
    found = {name: [answer(path)[1] for path in METHODS[name].run(config, one_by_one)] for name in METHODS}
    assert found["listing"] == [["case1.csv", "case10.csv"], ["case10.csv"]]
    assert found["grouped"] == [["case1.csv"], ["case10.csv"]]


def test_two_threads_share_the_current_figure_and_not_their_own() -> None:
    assert trap.titles(trap.title_of_own_chart) == ["chart 1", "chart 1"]
    assert trap.titles(trap.title_of_own_figure) == ["chart 0", "chart 1"]


def test_threads_are_left_out_where_they_give_wrong_answers_or_crash() -> None:
    assert "threads" not in JOBS["charts"][1]["pyplot"] and "threads" not in JOBS["pdf"][1]["pdfium"]
