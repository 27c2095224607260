"""Cross-checks: what they yield for every system, and that ``pyperf timeit`` runs and fails as it should."""

import shlex
import textwrap

import pytest
from fakes import Fake

from examples.measure.probe import EFFORTS, Plan
from examples.measure.probes import crosscheck
from examples.measure.pyperf_timeit import Timeit

#: Variants by the system that has cross-checks.
SYSTEMS = {
    "joblib": ("", "threading", "multiprocessing"),
    "dask": ("", "threads"),
    "ray": ("",),
    "celery": ("",),
    "pyspark": ("",),
    "modin": ("",),
    "multiprocessing": ("", "unbatched"),
    "concurrent-futures": ("", "threads"),
}


def plan(folder, system="fake", effort="full", variants=("",), **settings):
    return Plan(system, dict.fromkeys(variants, Fake), 2, 2, EFFORTS[effort], folder, **settings)


def made(folder, system, **settings):
    """Return the probes of all groups of a system by group."""
    here = plan(folder, system, variants=SYSTEMS[system], **settings)
    groups = list(crosscheck.groups(here))
    return {group.name: list(group.build({variant: Fake() for variant in group.variants})) for group in groups}


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_check_has_two_sides_that_are_taken_equally_often(tmp_path, system):
    groups = made(tmp_path, system)
    assert groups
    for name, (ours, theirs) in groups.items():
        assert (ours.name, theirs.name) == (f"{name}.ours", f"{name}.theirs")
        assert ours.count == theirs.count >= 1 and ours.unit == theirs.unit
        assert ours.parameters == theirs.parameters and ours.parameters["tool"]


@pytest.mark.parametrize("system", SYSTEMS)
def test_commands_that_are_recorded_can_be_typed(tmp_path, system):
    for _, theirs in made(tmp_path, system).values():
        words = shlex.split(theirs.parameters["tool"])
        if words[:4] != ["python", "-m", "pyperf", "timeit"]:
            continue
        assert str(tmp_path) not in theirs.parameters["tool"]
        setup = [words[number + 1] for number, word in enumerate(words) if word == "-s"]
        body = textwrap.indent("\n".join([*setup, words[-1]]), "    ")
        compile(f"def run():\n{body}", "timeit", "exec")


def test_a_system_without_checks_has_none(tmp_path):
    assert list(crosscheck.groups(plan(tmp_path, "no-such-system"))) == []


def test_a_cluster_elsewhere_is_not_compared_with_tools_here(tmp_path):
    assert list(crosscheck.groups(plan(tmp_path, "dask", address="tcp://scheduler:8786"))) == []


def test_a_mistake_in_a_module_of_checks_is_not_hidden(tmp_path, monkeypatch):
    def fail(name):
        raise ModuleNotFoundError("No module named 'numpy'", name="numpy")

    monkeypatch.setattr(crosscheck.importlib, "import_module", fail)
    with pytest.raises(ModuleNotFoundError, match="numpy"):
        crosscheck.checks(plan(tmp_path, "dask"))


def test_our_sides_take_the_samples_of_the_probes(tmp_path):
    here = plan(tmp_path)
    assert 0 < crosscheck.roundtrip(here)(Fake()) < 0.01
    assert 0 < crosscheck.stream(here)(Fake()) < 0.01

    class Special(Fake):
        def extra(self):
            return {"own": ("s", lambda: 6.0)}

    assert crosscheck.extra("own", operations=3, count=2)(Special()) == 2.0


def test_timeit_runs_the_real_tool_and_leaves_nothing(tmp_path):
    once = Timeit("time.sleep(0.002)", 3, ("import time",), values=2).seconds(tmp_path)
    each = Timeit("time.sleep(0.002)", 3, ("import time",), values=1, warmups=0, operations=2).seconds(tmp_path)
    assert 0.002 <= once < 0.2 and 0.001 <= each < 0.1
    assert list(tmp_path.iterdir()) == []


def test_timeit_keeps_temporary_files_in_its_home(tmp_path):
    check = f"import tempfile; assert tempfile.gettempdir().startswith({str(tmp_path)!r})"
    assert Timeit("pass", 1, (check,), "pass", 1, 0).seconds(tmp_path) < 1


def test_timeit_that_fails_says_why(tmp_path):
    with pytest.raises(RuntimeError, match=r"^python -m pyperf timeit .* failed: .*no such thing"):
        Timeit("raise ValueError('no such thing')", 1, values=1, warmups=0).seconds(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_one_check_from_end_to_end(tmp_path):
    from examples.concurrent_futures.measure import VARIANTS

    here = Plan("concurrent-futures", VARIANTS, 1, 2, EFFORTS["quick"], tmp_path)
    (group,) = [group for group in crosscheck.groups(here) if group.name == "threads.crosscheck.task_cost.roundtrip"]
    engine = VARIANTS["threads"]()
    engine.start(1, tmp_path)
    try:
        samples = [probe.take() for probe in group.build({"threads": engine})]
    finally:
        engine.stop()
    assert all(0 < sample < 0.05 for sample in samples)
