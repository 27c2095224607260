"""The cost model: the table of cases that it shares with the calculator, its algebra, fits that recover the truth."""

import json
import math
import random
from pathlib import Path

import pytest

from examples.measure import model
from examples.measure.analysis import cost_model, derive

TABLE = json.loads(Path(__file__).with_name("cost_model_cases.json").read_text("utf8"))
CASES = TABLE["cases"]


def parameters_of(case):
    given = case["parameters"]
    return model.Parameters.from_plain(TABLE["parameters"][given] if isinstance(given, str) else given)


def close(expected):
    return pytest.approx(expected, rel=1e-9, abs=1e-15)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_case_of_the_shared_table(case):
    if "error" in case:
        with pytest.raises(ValueError) as caught:
            parameters_of(case)
            model.Job.from_plain(case["job"])
        assert str(caught.value).startswith(case["error"])
        return
    parameters, job = parameters_of(case), model.Job.from_plain(case["job"])
    if "not_measured" in case:
        with pytest.raises(model.NotMeasured, match=case["not_measured"]):
            model.predict(parameters, job)
        return
    found = model.predict(parameters, job)
    assert [found.startup, found.dispatch, found.transfer, found.work] == close(case["parts"])
    assert found.total == close(case["total"])
    assert job.loop == close(case["loop"])
    assert model.break_even_tasks(parameters, job) == case["break_even_tasks"]
    assert model.break_even_work(parameters, job) == (
        None if case["break_even_work"] is None else close(case["break_even_work"])
    )
    assert model.outside(parameters, job) == case["outside"]


def test_the_table_is_large_and_its_names_are_unique():
    assert len(CASES) >= 40 and len({case["name"] for case in CASES}) == len(CASES)


def beats(parameters, job, **changes):
    changed = model.Job(**(job.__dict__ | changes))
    return model.predict(parameters, changed).total < changed.loop


def some_jobs(number, seed=7):
    """Parameters and jobs of all sizes, drawn at random."""
    draw = random.Random(seed)

    def size(low, high):
        return math.exp(draw.uniform(math.log(low), math.log(high)))

    for _ in range(number):
        workers = draw.choice([1, 2, 3, 4, 7, 16])
        law = model.Law(draw.choice([0.0, size(1e-3, 2)]), draw.choice([0.0, size(1e-5, 0.1)]), workers)
        parameters = model.Parameters(size(1e-3, 5), size(1e-5, 0.1), size(1e-6, 1e-2), 1e-9, 2e-9, {"compiled": law})
        job = model.Job(draw.randint(1, 300), size(1e-5, 1), workers, size(1, 1e6), 0, draw.random() < 0.5)
        yield parameters, job


def test_break_even_is_what_trying_finds():
    reached = 0
    for parameters, job in some_jobs(300):
        tasks = model.break_even_tasks(parameters, job)
        if tasks is None:
            assert not beats(parameters, job, tasks=10**7 * job.workers)
        else:
            reached += 1
            assert all(beats(parameters, job, tasks=tasks + more) for more in range(3 * job.workers))
            assert tasks == 1 or not beats(parameters, job, tasks=tasks - 1)
        work = model.break_even_work(parameters, job)
        if work is None:
            assert not beats(parameters, job, work=1e9)
        else:
            assert beats(parameters, job, work=work * 1.0001) and not beats(parameters, job, work=work * 0.9999)
    assert reached > 50


def test_the_sum_lies_between_the_maximum_and_its_double():
    for parameters, job in some_jobs(50):
        parts = model.predict(parameters, job)
        total, most, serial = (model.FORMS[name](parts, job) for name in ("sum", "maximum", "serial"))
        assert most <= total * (1 + 1e-12) and total <= 2 * most * (1 + 1e-12) and total <= serial * (1 + 1e-12)


def test_one_task_takes_what_the_payload_probe_measured():
    one = model.predict(TRUTH, model.Job(1, 0, 1, bytes_in=1e6, bytes_out=2e6))
    assert one.transfer == pytest.approx(1e6 * TRUTH.byte_in + 2e6 * TRUTH.byte_out)


TRUTH = model.Parameters(
    startup=0.4,
    latency=0.003,
    cost=0.0002,
    byte_in=2e-9,
    byte_out=4e-9,
    laws={
        "compiled": model.Law(0.06, 0.0, 2),
        "python": model.Law(0.1, 0.0, 2),
        "waiting": model.Law(0.02, 0.001, 8),
    },
)


def entry(seconds, noise=0.0, seed=0, **parameters):
    draw = random.Random(f"{seed}{parameters}{seconds}")
    samples = [seconds * math.exp(draw.gauss(0, noise)) for _ in range(10)] if noise else [seconds]
    return {"unit": "s", "samples": samples, "passes": [len(samples)], "parameters": parameters}


def probes_of(truth, noise=0.0, variant=""):
    """Results as the harness writes them, of an engine that behaves as the model says."""

    def time(tasks, work, workers, kind, **bytes_):
        return model.predict(truth, model.Job(tasks, work, workers, kind=kind, **bytes_)).total

    first = truth.latency + truth.cost
    found = {
        "startup.import": entry(truth.startup / 2, noise),
        "startup.start": entry(truth.startup / 2, noise),
        "startup.first_task": entry(first, noise),
        "task_cost.roundtrip": entry(first, noise),
        "task_cost.stream": entry(time(1000, 0, 2, "compiled") / 1000, noise, tasks=1000, workers=2),
    }
    for step in range(6, 18):
        at = {"tasks": 200, "workers": 2, "grain": 2**step * 1e-6}
        found[f"metg.independent.{2**step}us"] = entry(
            time(200, at["grain"], 2, "compiled"), noise, **at, pattern="independent"
        )
    for size in (10**3, 10**4, 10**5, 10**6, 10**7, 10**8):
        for way, rate in (("in", truth.byte_in), ("out", truth.byte_out)):
            found[f"payload.{way}.{size}B"] = entry(first + size * rate, noise, bytes=size)
    for workers in (1, 2, 4):
        at = {"workers": workers, "tasks": 96, "grain": 0.012, "held_out": False, "oversubscribed": workers > 2}
        wrong = 3.0 if at["oversubscribed"] else 1.0  # must not be read
        found[f"scaling.cpu.strong.{workers}"] = entry(wrong * time(96, 0.012, workers, "python"), noise, **at)
    for workers in (1, 2, 3, 4, 8):
        at = {"workers": workers, "tasks": 96, "grain": 0.02, "held_out": workers == 3}
        wrong = 3.0 if at["held_out"] else 1.0
        found[f"scaling.wait.strong.{workers}"] = entry(wrong * time(96, 0.02, workers, "waiting"), noise, **at)
    jobs = {"a": (1500, 0.0001, 0, 0), "b": (64, 0.003, 3e6, 0), "c": (48, 0.05, 1e5, 1e6)}
    for letter, (tasks, grain, bytes_in, bytes_out) in jobs.items():
        at = {"tasks": tasks, "grain": grain, "bytes_in": bytes_in, "bytes_out": bytes_out, "workers": 2}
        found[f"job.{letter}"] = entry(
            time(tasks, grain, 2, "compiled", bytes_in=bytes_in, bytes_out=bytes_out), noise, **at
        )
    return {f"{variant}.{name}" if variant else name: item for name, item in found.items()}


def flat(parameters):
    plain = parameters.plain()
    laws = {f"{kind}.{name}": value for kind, law in plain["laws"].items() for name, value in law.items()}
    return {name: plain[name] for name in ("startup", "latency", "cost", "byte_in", "byte_out")} | laws


@pytest.mark.parametrize("variant", ["", "threading"])
def test_a_fit_recovers_what_made_the_data(variant):
    found = model.fit(probes_of(TRUTH, variant=variant), variant)
    assert flat(found) == pytest.approx(flat(TRUTH), rel=1e-6, abs=1e-12)
    assert found.measured == {"tasks": 1000, "bytes_in": 1e8, "bytes_out": 1e8}


def test_a_fit_to_noisy_data_is_near():
    found = flat(model.fit(probes_of(TRUTH, noise=0.03)))
    for name, value in flat(TRUTH).items():
        least = 0.05 if name.endswith(("contention", "coherency")) else 0.0
        assert found[name] == pytest.approx(value, rel=0.15, abs=least), name


def test_held_out_jobs_do_not_move_the_fit():
    probes = probes_of(TRUTH, noise=0.03)
    without = {name: item for name, item in probes.items() if not name.startswith("job.")}
    assert model.fit(probes) == model.fit(without)


def test_the_fit_of_schema_1_uses_the_shared_job():
    probes = {
        "startup.first_result": entry(2.0),
        "startup.python": entry(0.02),
        "task_cost.roundtrip": entry(0.01),
        "task_cost.stream": entry(0.0001, tasks=1000, workers=2),
        "shared_job.sequential": entry(0.64, batches=64),
        "shared_job.parallel": entry(0.5, batches=64, workers=2),
        "threading.task_cost.roundtrip": entry(0.001),
        "threading.task_cost.stream": entry(0.0001, tasks=1000, workers=2),
        "threading.shared_job.parallel": entry(0.9, batches=64, workers=2),
    }
    found = model.fit(probes)
    assert set(found.laws) == {"python"} and found.byte_in is None and found.startup == pytest.approx(1.97)
    assert model.predict(found, model.Job(64, 0.01, 2, kind="python")).total == pytest.approx(0.5)
    threads = model.fit(probes, "threading")
    assert threads.startup is None and threads.laws["python"].contention > 1


@pytest.mark.parametrize("missing", ["task_cost.roundtrip", "task_cost.stream"])
def test_a_fit_says_what_it_lacks(missing):
    probes = {name: item for name, item in probes_of(TRUTH).items() if name != missing}
    with pytest.raises(model.NotMeasured, match=missing):
        model.fit(probes)
    with pytest.raises(model.NotMeasured, match="any work"):
        model.fit({name: item for name, item in probes_of(TRUTH).items() if name.startswith("task_cost.")})


def test_work_that_seems_faster_in_company_is_not_believed():
    quick = model.Parameters(**(TRUTH.__dict__ | {"laws": {"compiled": model.Law(-0.2, 0.0, 2)}}))
    probes = {name: item for name, item in probes_of(TRUTH).items() if not name.startswith(("scaling.", "job."))}
    for name in probes:
        if name.startswith("metg."):
            at = probes[name]["parameters"]
            job = model.Job(at["tasks"], at["grain"], 2)
            probes[name]["samples"] = [model.predict(quick, job).total]
    assert model.fit(probes).laws["compiled"].contention == 0


def test_errors_on_held_out_jobs_are_derived():
    probes = probes_of(TRUTH)
    probes["job.a"]["samples"] = [probes["job.a"]["samples"][0] / 1.25]
    assert model.errors(model.fit(probes), model.of_variant(probes)) == pytest.approx(
        {"job.a": 0.25, "job.b": 0.0, "job.c": 0.0}, abs=1e-6
    )
    found = derive(probes)
    assert found["model.error"].value == pytest.approx(0, abs=1e-6)
    assert "a +25%" in found["model.error"].note and found["model.error"].low is None
    assert found["model.error.maximum"].value > 0.01
    assert found["model.cost"].value == pytest.approx(TRUTH.cost)
    assert found["model.bandwidth.out"].value == pytest.approx(1 / TRUTH.byte_out)
    assert found["model.speedup.waiting"].value == pytest.approx(8 / TRUTH.laws["waiting"].stretch(8))


def test_derived_parameters_have_intervals_that_hold_the_truth_and_stay_the_same():
    probes = probes_of(TRUTH, noise=0.03) | probes_of(TRUTH, noise=0.03, variant="threads")
    found = cost_model.derive(probes)
    assert found == cost_model.derive(probes)
    wanted = {"model.startup": TRUTH.startup, "model.cost": TRUTH.cost, "model.bandwidth.in": 1 / TRUTH.byte_in}
    for name, value in wanted.items():
        assert found[name].low <= found[name].value <= found[name].high
        assert found[name].low * 0.97 <= value <= found[name].high * 1.03, name
    assert {f"threads.{name}" for name in wanted} <= set(found)


def test_a_bandwidth_that_cannot_be_seen_is_bounded():
    free = model.Parameters(**(TRUTH.__dict__ | {"byte_in": 0.0}))
    found = cost_model.derive(probes_of(free))["model.bandwidth.in"]
    assert found.value is None and found.bound == "above" and "does not grow" in found.note


def test_a_file_without_the_probes_of_a_fit_gives_nothing():
    assert cost_model.derive({"weight.packages": entry(3.0)}) == {}
