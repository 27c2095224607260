"""The harness finds what is there: injected costs are recovered through the real probes, runner and analysis.

The clock is virtual, so the outcome is the same on every machine, however busy.
The stated errors are those of the method itself: the ladder of task sizes, the finite largest task, the small serial
parts that a law with three parameters takes for its own.  See :mod:`examples.synthetic.simulate` for the truths.
"""

import importlib
import itertools
import random
import statistics
import time

import pytest

from examples.measure import journal, run, tasks
from examples.measure.analysis import derive
from examples.measure.probe import Effort, Plan
from examples.measure.probes import PROBES, check
from examples.measure.result import assemble
from examples.synthetic import measure
from examples.synthetic.clock import RealClock, VirtualClock
from examples.synthetic.simulate import COSTS, Costs, Task, truth, wall_time

#: Largest relative error by quantity, without noise.
EXACT = {
    "startup.import": 1e-6,
    "startup.start": 1e-6,
    "startup.first_task": 1e-6,
    "task_cost.roundtrip": 1e-6,
    "task_cost.stream": 1e-6,
    "metg.independent": 0.02,
    "metg.stencil": 0.02,
    "payload.in.latency": 1e-6,
    "payload.in.bandwidth": 1e-6,
    "payload.out.bandwidth": 1e-6,
    "payload.buffer.in.bandwidth": 1e-6,
    "payload.shared.bandwidth": 1e-6,
    "scaling.cpu.amdahl": 0.02,
    "scaling.wait.contention": 1e-6,
    "scaling.wait.coherency": 1e-6,
}

#: The same where every call's time varies by 10 % (a standard deviation), in five passes.
NOISY = {
    **dict.fromkeys((name for name in EXACT if not name.startswith("scaling.")), 0.12),
    "task_cost.roundtrip": 0.03,
}

#: The laws of scaling where every call's time varies by 1 %, in five passes on eight cores.
CALM = {"scaling.cpu.amdahl": 0.1, "scaling.wait.contention": 0.3, "scaling.wait.coherency": 0.3}

MODULES = ("weight", "startup", "task_cost", "metg", "payload", "scaling", "jobs", "extra")


def measured(folder, kind, passes, share=1.0, cores=2, names=MODULES):
    """Return the ``probes`` of a result, taken with all passes by the real runner."""
    random.seed(3)  # the order of the samples, and so which of them a noisy clock stretches
    plan = Plan("synthetic", {"": kind}, 2, cores, Effort("test", passes, share), folder, now=kind.now)
    plan.memo = {
        "plain.kernel": vars(measure.VIRTUAL_CORE.kernel).copy(),
        "plain.batch": measure.VIRTUAL_CORE.batch,
    }
    modules = {name: PROBES[name] for name in names}
    engines = run.Engines(plan, check, lambda line: None)
    with pytest.MonkeyPatch.context() as patch, journal.opened(folder / "journal.jsonl", {}, False) as book:
        patch.setattr("gc.collect", lambda: 0)  # the collector takes no virtual time, and most of the real one
        for number in range(1, passes + 1):
            book.append({"pass": number, "background": {}})
            one = run.Pass(plan, number, modules, book, engines, say=lambda line: None, canary=lambda: 0.005)
            one.others = float
            one.run()
            assert not one.failed
            engines.stop()
        return assemble({"system": "synthetic", "settings": {}}, book.lines)["probes"]


@pytest.fixture(scope="module")
def exact(tmp_path_factory):
    return found(measured(tmp_path_factory.mktemp("exact"), measure.virtual(), passes=2, share=0.6))  # thorough


@pytest.fixture(scope="module")
def noisy(tmp_path_factory):
    kind = measure.virtual(noise=0.1, seed=20261124)
    return found(measured(tmp_path_factory.mktemp("noisy"), kind, passes=5, cores=8))


@pytest.fixture(scope="module")
def calm(tmp_path_factory):
    kind = measure.virtual(noise=0.01, seed=20261124)
    return found(measured(tmp_path_factory.mktemp("calm"), kind, passes=5, cores=8, names=("scaling", "extra")))


def found(probes):
    """Return what was measured by the name of the quantity or the probe."""
    medians = {name: statistics.median(entry["samples"]) for name, entry in probes.items()}
    return medians | {name: quantity.value for name, quantity in derive(probes).items()}


@pytest.mark.parametrize("name", EXACT)
def test_an_injected_cost_is_recovered(exact, name):
    assert exact[name] == pytest.approx(measure.Adapter.injected(2)[name], rel=EXACT[name])


@pytest.mark.parametrize("name", NOISY)
def test_an_injected_cost_is_recovered_from_noisy_samples(noisy, name):
    assert noisy[name] == pytest.approx(measure.Adapter.injected(2)[name], rel=NOISY[name])


@pytest.mark.parametrize("name", CALM)
def test_the_laws_are_recovered_on_a_calm_machine(calm, name):
    assert calm[name] == pytest.approx(measure.Adapter.injected(2)[name], rel=CALM[name])


def test_the_law_predicts_though_noise_blurs_its_parameters(noisy):
    """With 10 % noise contention passes for coherency and back, but their sum at eight workers is right."""
    right = measure.Adapter.injected(2)

    def stretch(values):
        return 1 + 7 * values["scaling.wait.contention"] + 56 * values["scaling.wait.coherency"]

    assert stretch(noisy) == pytest.approx(stretch(right), rel=0.2)


def test_the_analysis_compares_what_was_injected(exact):
    ratios = {name.removeprefix("recovery."): value for name, value in exact.items() if name.startswith("recovery.")}
    assert ratios.keys() == measure.Adapter.injected(2).keys()
    assert all(abs(ratio - 1) <= EXACT[name] for name, ratio in ratios.items())


@pytest.mark.parametrize("workers", [1, 2, 3, 8])
def test_truth_agrees_with_the_simulation(workers):
    costs, tasks, seconds = Costs(), 240, 0.02
    stretched = seconds * costs.stretch(workers, waits=True)
    simulated = wall_time(costs, [Task(0, stretched, 0)] * tasks, workers)
    right = truth(costs, workers, 256, 1_000, tasks, seconds)
    single = tasks * seconds + costs.task + costs.latency
    sigma, kappa = right["scaling.wait.contention"], right["scaling.wait.coherency"]
    law = single / workers * (1 + sigma * (workers - 1) + kappa * workers * (workers - 1))
    assert simulated == pytest.approx(law, rel=1e-12)


def test_half_efficiency_is_where_the_formula_says():
    costs, tasks, workers = Costs(), 256, 2
    overhead = tasks * costs.task + costs.latency
    grain = workers * overhead / (2 * tasks - workers)
    wall = wall_time(costs, [Task(0, grain, 0)] * tasks, workers)
    assert tasks * grain / (workers * wall) == pytest.approx(0.5, rel=1e-12)
    assert wall * workers / tasks == pytest.approx(truth(costs, workers, tasks, 1_000, 96, 0.02)["metg.independent"])


def test_a_task_waits_for_what_it_needs():
    costs = Costs(task=0, latency=0)
    assert wall_time(costs, [Task(0, 1, 0), Task(0, 1, 0)], 2) == 1
    assert wall_time(costs, [Task(0, 1, 0), Task(0, 1, 0, (0,))], 2) == 2


def test_noise_keeps_the_median_and_the_seed_its_numbers():
    def waits(seed):
        clock = VirtualClock(noise=0.1, seed=seed)
        moments = [0.0]
        for _ in range(2_000):
            clock.wait(1.0)
            moments.append(clock.now())
        return [after - before for before, after in itertools.pairwise(moments)]

    assert waits(1) == waits(1) != waits(2)
    assert statistics.median(waits(1)) == pytest.approx(1, abs=0.01)
    assert statistics.stdev(waits(1)) == pytest.approx(0.1, abs=0.01)


def test_the_real_clock_is_never_early():
    clock = RealClock()
    for seconds in (0.0001, 0.003):
        began = clock.now()
        clock.wait(seconds)
        assert clock.now() - began >= seconds


def test_on_the_real_clock_it_is_a_subject_like_any_other(tmp_path):
    engine = measure.Adapter()
    engine.start(2, tmp_path)
    check(engine)
    with engine.shared(b"x" * 1_000) as count:
        assert count() == 1_000
    assert engine.stencil(tasks.cell, 1, 3, 2) == [3, 4, 3]
    assert engine.many(tasks.job, [(1, b"x", 5)])[0].__len__() == 5
    assert engine.one(tasks.inspect_or_fetch, "http://127.0.0.1:1/page/7") == 107
    unit, take = engine.extra()["overhead.wait"]
    assert unit == "s" and take() >= 0
    engine.stop()


def test_its_import_takes_the_injected_time():
    began = time.perf_counter()
    importlib.import_module("examples.synthetic.import_slowly")
    assert time.perf_counter() - began >= COSTS.importing
