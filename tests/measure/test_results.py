"""What is done with results: publish, compare and export."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from random import Random
from statistics import median

import pytest
from results import NAMES, make, timed

from examples.measure import __main__ as harness
from examples.measure import compare, export, publish, result
from examples.measure.spread import percentile, relative_spread, reproducibility, stated_interval


@pytest.fixture
def save(tmp_path):
    def save(name, one):
        result.write(tmp_path / name, one)
        return str(tmp_path / name)

    return save


def test_statistics():
    assert percentile([1.0, 2.0, 3.0], 50) == 2.0 and percentile([4.0], 95) == 4.0
    assert relative_spread([1.0]) == 0 and relative_spread([1.0, 1.0, 2.0]) == pytest.approx(0.9)
    entry = timed([1.0, 1.0, 1.0], [3.0, 3.0, 3.0])
    assert reproducibility(entry) == 1.0 and stated_interval(entry) == (1.0, 3.0)
    # One pass of many, far off: percentiles alone would hide it.
    entry = timed(*[[1.0] * 40] * 4, [5.0])
    assert stated_interval(entry) == (1.0, 5.0)
    assert stated_interval({"samples": [1.0, 2.0, 3.0]}) == pytest.approx((1.1, 2.9))


def test_publishes_a_good_result(save, tmp_path, capsys):
    assert publish.main([save("joblib.json", make()), "--into", str(tmp_path / "book")]) == 0
    assert json.loads((tmp_path / "book/here/joblib.json").read_text("utf8")) == make()
    assert "published as" in capsys.readouterr().out


def test_check_copies_nothing(save, tmp_path):
    assert publish.main([save("joblib.json", make()), "--check", "--into", str(tmp_path / "book")]) == 0
    assert not (tmp_path / "book").exists()


def test_one_core_probe_may_be_unsteady(save):
    steady = {f"v{number}.task_cost.roundtrip": timed([0.01, 0.01], [0.01, 0.01]) for number in range(4)}
    one = make(probes={"task_cost.roundtrip": timed([0.01, 0.01], [0.02, 0.02])} | steady)
    assert not any("apart" in reason for reason in publish.reasons(one))


def test_refuses_with_all_reasons_at_once(save, tmp_path, capsys):
    probes = {
        "task_cost.roundtrip": timed([0.01], [0.02], marked=True),
        "threads.task_cost.stream": timed([0.01], [0.011]),
        "threads.task_cost.roundtrip": timed([0.01], [0.02]),
        "other.probe": timed([0.01], [0.02]),
    }
    bad = make(
        commit="0123456789ab+", settings={"effort": "quick", "passes": 1, "workers": 2}, system="nosuch", probes=probes
    )
    good = save("joblib.json", make())
    assert publish.main([good, save("nosuch.json", bad), "--into", str(tmp_path / "book")]) == 1
    error = capsys.readouterr().err
    for reason in (
        "refused, 6 reasons",
        "nosuch: commit 0123456789ab+: the work tree had changes",
        "nosuch: measured with --quick",
        "nosuch: only 1 of 2 passes",
        "nosuch: the book has no such system",
        "nosuch: 1 of 4 timed probes are marked as noisy, more than 10%: task_cost.roundtrip",
        "nosuch: medians of passes lie further apart than 30% of the median in 2 of 3 core probes: "
        "task_cost.roundtrip by 67%, threads.task_cost.roundtrip by 67%",
    ):
        assert reason in error
    assert "other.probe" not in error  # no core probe
    assert not (tmp_path / "book").exists()  # all or none


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"commit": ""}, "the commit is not known"),
        ({"commit": None}, "the commit is not known"),
        ({"commit": "0123456789ab"}, "commit 0123456789ab is not in this repository"),
        ({"schema": 1}, "schema 1 is not 2"),
        ({"probes": {}}, "probes: "),
        ({"probes": {"a": timed([1.0]) | {"passes": [2]}}}, "a: passes do not sum to the number of samples"),
        ({"probes": {"a": timed([1.0], [1.0])}}, "not in every pass: a"),
    ],
)
def test_reasons(changes, reason):
    assert any(reason in found for found in publish.reasons(make(**changes)))


def test_marks_below_the_share_are_published():
    probes = {f"metg.independent.{2**n}us": timed(*[[1.0]] * 5, marked=n == 0) for n in range(10)}
    assert publish.reasons(make(probes=probes)) == []


def test_despite_its_noise_a_result_is_published_with_what_speaks_against_it(save, tmp_path, capsys):
    noisy = make(probes={"other.probe": timed(*[[0.01]] * 5, marked=True)})
    command = ["--into", str(tmp_path / "book"), save("joblib.json", noisy)]
    assert publish.main(command) == 1
    assert publish.main(["--despite", "its host is shared", *command]) == 0
    published = json.loads((tmp_path / "book/here/joblib.json").read_text("utf8"))
    reason = "1 of 1 timed probes are marked as noisy, more than 10%: other.probe"
    assert published.pop("accepted") == {"why": "its host is shared", "despite": [reason]}
    assert published == noisy
    assert publish.reasons(published | {"accepted": {"why": "its host is shared", "despite": [reason]}}) == [reason]


def test_despite_leaves_a_good_result_as_it_is(save, tmp_path):
    assert publish.main(["--despite", "why not", save("joblib.json", make()), "--into", str(tmp_path / "book")]) == 0
    assert json.loads((tmp_path / "book/here/joblib.json").read_text("utf8")) == make()


@pytest.mark.parametrize("changes", [{"commit": "0123456789ab"}, {"schema": 1}])
def test_despite_outweighs_noise_and_missing_passes_alone(save, tmp_path, capsys, changes):
    probes = {"other.probe": timed(*[[0.01]] * 5, marked=True)}
    bad = save("joblib.json", make(probes=probes, **changes))
    assert publish.main(["--despite", "its host is shared", bad, "--into", str(tmp_path / "book")]) == 1
    assert not (tmp_path / "book").exists()


def test_despite_needs_a_reason(save, capsys):
    with pytest.raises(SystemExit):
        publish.main(["--despite", " ", save("joblib.json", make())])
    assert "--despite needs a reason" in capsys.readouterr().err


@pytest.mark.parametrize("command", [["publish"], ["compare", "{}"], ["export"]])
def test_a_file_that_is_no_result(command, tmp_path, capsys):
    path = tmp_path / "broken.json"
    path.write_text("{", "utf8")
    out = [str(tmp_path / "out.json")] if command[0] == "export" else []
    arguments = [command[0], *(str(path) for _ in command), *out]
    assert harness.main(arguments) != 0
    assert f"{path}: not JSON" in capsys.readouterr().err
    assert harness.main([one.replace("broken", "absent") for one in arguments]) != 0
    assert "absent.json: No such file or directory" in capsys.readouterr().err


def test_compare_shows_two_machines(save, capsys):
    other = make(machine={**make()["machine"], "id": "there"})
    other["probes"] = {"task_cost.roundtrip": timed([0.020, 0.022]), "weight.packages": timed([3], unit="")}
    assert compare.main([save("a.json", make()), save("b.json", other)]) == 0
    shown = capsys.readouterr().out
    row = next(line for line in shown.splitlines() if line.startswith("joblib:task_cost.roundtrip"))
    assert row.split()[1:3] == ["11.0", "ms"] and "1.91" in row and row.endswith("no")
    assert "0 of 1 intervals overlap" in shown
    assert "joblib:metg.independent.64us" in shown.split("only in one of the two: ")[1]


def test_agree_lists_what_does_not(save, tmp_path, capsys):
    second = make()
    second["probes"] = dict(second["probes"]) | {"task_cost.roundtrip": timed([0.020, 0.021], [0.020, 0.021])}
    code = compare.main([save("a.json", make()), save("b.json", second), "--agree", "--json", str(tmp_path / "c.json")])
    shown = capsys.readouterr().out
    assert code == 1 and "2 of 3 probes agree within their stated spread" in shown
    assert "task_cost.roundtrip" in shown and "metg" not in shown
    assert "half of the probes differ by at most 0%" in shown
    found = json.loads((tmp_path / "c.json").read_text("utf8"))
    assert (found["agree"], found["probes"]) == (2, 3)
    assert [row["probe"] for row in found["rows"]] == ["joblib:task_cost.roundtrip"] and found["a"]["machine"] == "here"


def test_single_passes_are_counted_and_not_judged(save, tmp_path, capsys):
    """Two single samples state no spread; a run of nothing else agrees with nobody."""
    one = {"steady": timed([1.0], [1.0]), "other": timed([1.0], [1.1]), "cut.short": timed([1.0])}
    first = make(probes=one)
    second = make(probes=one | {"cut.short": timed([2.0])})
    code = compare.main([save("a.json", first), save("b.json", second), "--agree", "--json", str(tmp_path / "c.json")])
    shown = capsys.readouterr().out
    assert code == 0 and "2 of 2 probes agree within their stated spread" in shown
    assert "1 more have a single pass in both runs and state no spread" in shown
    found = json.loads((tmp_path / "c.json").read_text("utf8"))
    assert (found["agree"], found["judged"], found["probes"]) == (2, 2, 3)
    single = [make(probes={"cut.short": timed([value])}) for value in (1.0, 1.001)]
    assert compare.main([save("a.json", single[0]), save("b.json", single[1]), "--agree"]) == 1


def test_agreement():
    assert compare.agree((1.0, 1.5), 1.6) and not compare.agree((1.5, 1.0), 1.4)
    assert compare.agree((1.0, 1.005), None)  # two digits show no difference
    assert not compare.agree((1.0, 1.5), None) and not compare.agree((0.0, 1.5), 2.0)
    assert compare.agree((2, 2), None, exact=True) and not compare.agree((2, 3), 5.0, exact=True)


def test_what_passes_foretell():
    assert compare.permitted([1.0, 1.0], [1.0, 1.0]) == 1.0
    # Two passes a run that differ by a tenth: t of two degrees of freedom is 4.30, the deviation of a pass 0.067.
    assert compare.permitted([1.0, 1.1], [1.0, 1.1]) == pytest.approx(math.exp(4.3027 * math.log(1.1) / 2**0.5), 1e-4)
    assert compare.permitted([1.0, 1.1] * 5, [1.0, 1.1] * 5) < 1.06  # more passes foretell more
    assert compare.permitted([1.0], [1.0]) is None and compare.permitted([0.0, 1.0], [1.0, 1.0]) is None


def test_one_probe_in_twenty_disagrees_by_chance():
    random = Random(7)
    draw = lambda: [random.lognormvariate(0, 0.1) for _ in range(2)]  # noqa: E731
    trials = [(draw(), draw()) for _ in range(2_000)]
    apart = sum(not compare.agree((median(a), median(b)), compare.permitted(a, b)) for a, b in trials)
    assert 0.03 <= apart / len(trials) <= 0.07


def test_agree_wants_one_machine(save, capsys):
    other = make(machine={**make()["machine"], "id": "there"})
    assert compare.main([save("a.json", make()), save("b.json", other), "--agree"]) == 2
    assert "--agree is for two runs on one machine, not here and there" in capsys.readouterr().err


def test_compare_folders(save, tmp_path, capsys):
    save("one/joblib.json", make())
    save("one/ray.json", make("ray"))
    save("two/joblib.json", make())
    assert compare.main([str(tmp_path / "one"), str(tmp_path / "two"), "--markdown"]) == 0
    shown = capsys.readouterr().out
    assert "| --- | ---: |" in shown and "only in one of the two: ray (all of it)" in shown
    assert "3 of 3 intervals overlap" in shown


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.0123456, "s", "12.3 ms"),
        (1.5e-6, "s", "1.50 µs"),
        (5e-10, "s", "0.500 ns"),
        (123.4, "s", "123 s"),
        (2.5e9, "B", "2.50 GB"),
        (999.0, "B", "999 B"),
        (12, "", "12"),
        (0, "s", "0 s"),
    ],
)
def test_quantities(value, unit, text):
    assert compare.quantity(value, unit) == text


def test_pyperf_reads_the_export(save, tmp_path):
    other = make()
    other["probes"] = {name: timed([0.020, 0.021], [0.022] * 13) for name in NAMES} | {
        "weight.packages": timed([2], unit=""),
        "instant": timed([0.0]),
    }
    out = [str(tmp_path / "a.json"), str(tmp_path / "b.json")]
    assert export.main([save("ra.json", make()), out[0]]) == 0
    assert export.main([save("rb.json", other), out[1]]) == 0

    def pyperf(*arguments):
        command = [sys.executable, "-m", "pyperf", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout

    compared = pyperf("compare_to", *out)
    assert "Mean +- std dev: [a] 11.0 ms" in compared and "slower" in compared and "ERROR" not in compared
    stats = pyperf("stats", out[1], "-b", "task_cost.roundtrip")
    assert "Total number of run: 2" in stats and "Total number of values: 15" in stats
    assert "#" in pyperf("hist", out[0])
    metadata = pyperf("metadata", out[0])
    assert "system: joblib" in metadata and "package_joblib: 1.6.0" in metadata


def test_export_without_times(save, tmp_path, capsys):
    one = make(probes={"weight.packages": timed([2], unit="")})
    assert export.main([save("r.json", one), str(tmp_path / "o.json")]) == 2
    assert "no probe of this result is a time" in capsys.readouterr().err
    assert not (tmp_path / "o.json").exists()
