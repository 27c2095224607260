"""Every probe module over a small engine in this process: names, parameters, answers that are verified, and sizes."""

import contextlib
import json
import pickle
import re
import subprocess
import sys
import zlib
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import pytest

from examples.measure import plain, tasks
from examples.measure.probe import Effort, Plan
from examples.measure.probes import (
    PROBES,
    check,
    extra,
    jobs,
    memory,
    metg,
    mixed,
    payload,
    pilot,
    scaling,
    startup,
    task_cost,
    weight,
)
from examples.measure.provenance import ROOT
from examples.measure.serve import serving

FEW = Effort("test", 1, 0.01)


class Thorough(Effort):
    """As few samples, and every probe."""

    thorough = True


ALL = Thorough("test", 1, 0.01)


class Pool:
    """Threads of this process."""

    system = "pool"
    packages = ("psutil",)
    import_name = "psutil"
    executor = ThreadPoolExecutor

    def start(self, workers, home):
        self.pool = self.executor(workers)

    def stop(self):
        self.pool.shutdown()

    def one(self, function, *arguments):
        return self.pool.submit(function, *arguments).result()

    def many(self, function, arguments):
        return list(self.pool.map(function, arguments))


class Rich(Pool):
    """With every optional capability."""

    def stencil(self, function, argument, width, steps):
        row = self.many(function, [argument] * width)
        for _ in range(steps - 1):
            above = row
            near = [above[max(0, column - 1) : column + 2] for column in range(width)]
            row = [future.result() for future in [self.pool.submit(function, argument, *each) for each in near]]
        return row

    @contextlib.contextmanager
    def shared(self, payload):
        yield lambda: self.one(tasks.length, payload)

    def extra(self):
        return {"own.probe": ("s", lambda: 1.5)}


class Processes(Pool):
    executor = ProcessPoolExecutor


class Deaf(Rich):
    """Loses what it is given: every answer is nothing."""

    def one(self, function, *arguments):
        return None if function is not tasks.nothing else tasks.nothing()

    def many(self, function, arguments):
        return [None] * len(arguments)

    def stencil(self, function, argument, width, steps):
        return [1] * width

    @contextlib.contextmanager
    def shared(self, payload):
        yield lambda: 0


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Sizes that take milliseconds."""
    monkeypatch.setattr(payload, "SIZES", {"1kB": 1_000, "1MB": 1_000_000})
    monkeypatch.setattr(task_cost, "STREAM_TASKS", 20)
    monkeypatch.setattr(metg, "TASKS", 32)
    monkeypatch.setattr(metg, "LONGEST", 0.02)
    monkeypatch.setattr(metg, "LONGEST_QUICK", 0.02)
    monkeypatch.setattr(scaling, "WAIT", 0.001)
    monkeypatch.setattr(scaling, "BATCHES", 4)
    monkeypatch.setattr(scaling, "BATCHES_EACH", 2)
    monkeypatch.setattr(memory, "BATCHES", 8)
    monkeypatch.setattr(mixed, "JOB_BATCHES", 3)
    monkeypatch.setattr(mixed, "MIXED_BATCHES", 2)
    monkeypatch.setattr(mixed, "PAGES", 3)
    monkeypatch.setattr(mixed, "LATENCY", 0.001)
    monkeypatch.setattr(jobs, "SECONDS", 0.01)


def make_plan(folder, kinds, effort=FEW, **settings):
    plan = Plan("pool", kinds, 2, 2, effort, folder, **settings)
    plan.memo = {"plain.kernel": {"call": 2e-6, "per_iteration": 0.25e-6, "bent": 0.0}, "plain.batch": 0.0125}
    return plan


def take(module, plan):
    """Return (probe, one sample) by name of every group, each on started engines as the runner gives them."""
    found = {}
    for group in module.groups(plan):
        kinds = {name: kind for name, kind in plan.kinds.items() if group.variants is None or name in group.variants}
        started = {}
        try:
            if group.workers is not None:
                for variant, kind in kinds.items():
                    started[variant] = kind()
                    started[variant].start(group.workers, plan.home)
            for probe in group.build(started):
                found[probe.name] = probe, probe.take()
        finally:
            for adapter in started.values():
                adapter.stop()
    return found


def test_registry_has_the_order_of_running():
    assert " ".join(PROBES).startswith("weight startup task_cost metg payload memory scaling mixed jobs extra")
    assert all(module.__doc__ and hasattr(module, "groups") for module in PROBES.values())


@pytest.mark.parametrize(
    ("module", "names"),
    [
        (weight, {"weight.packages", "weight.installed"}),
        (task_cost, {"task_cost.roundtrip", "task_cost.stream", "again.task_cost.roundtrip", "again.task_cost.stream"}),
        (
            payload,
            {
                f"{variant}payload.{way}.{size}"
                for variant in ("", "again.")
                for way in ("in", "out", "buffer.in", "buffer.out", "shared")
                for size in ("1kB", "1MB")
                if way != "shared" or not variant
            },
        ),
        (memory, {"memory.idle", "memory.loaded", "again.memory.idle", "again.memory.loaded"}),
        (
            mixed,
            {
                f"{each}.{how}"
                for each in ("shared_job", "mixed", "again.shared_job", "again.mixed")
                for how in ("sequential", "parallel")
                if how == "parallel" or "again" not in each
            },
        ),
        (jobs, {f"{variant}job.{letter}" for variant in ("", "again.") for letter in "abcdefg"}),
        (extra, {"own.probe"}),
    ],
)
def test_names_and_samples(tmp_path, module, names):
    found = take(module, make_plan(tmp_path, {"": Rich, "again": Pool}, ALL))
    assert found.keys() == names
    for probe, sample in found.values():
        assert probe.count >= 1 and probe.description
        assert sample >= 0
        json.dumps(probe.parameters)


def test_scaling_covers_the_workers_and_says_what_is_held_out(tmp_path):
    few = take(scaling, make_plan(tmp_path, {"": Pool}))
    assert {int(name.rsplit(".", 1)[1]) for name in few} == set(scaling.WAITING_QUICK)
    assert not any(".weak." in name for name in few)
    found = {name: probe for name, (probe, _) in take(scaling, make_plan(tmp_path, {"": Pool}, ALL)).items()}
    assert {int(name.rsplit(".", 1)[1]) for name in found if ".wait." in name} == set(scaling.WAITING)
    assert {name for name in found if ".cpu." in name} == {
        f"scaling.cpu.{mode}.{workers}" for mode in ("strong", "weak") for workers in (1, 2, 4)
    }
    assert found["scaling.cpu.weak.4"].parameters["tasks"] == 8
    assert found["scaling.cpu.weak.4"].parameters["oversubscribed"] is True
    assert found["scaling.wait.strong.4"].parameters["held_out"] is False
    assert "oversubscribed" not in found["scaling.wait.strong.4"].parameters


def test_points_are_held_out(tmp_path):
    make = lambda workers: scaling._probe(make_plan(tmp_path, {}), "", "wait.strong", workers, 96, 0.02, None)  # noqa: E731
    assert [workers for workers in scaling.WAITING if make(workers).parameters["held_out"]] == [3, 6, 12, 16]


def test_full_effort_takes_the_workers_of_the_contract(tmp_path):
    plan = make_plan(tmp_path, {"": Pool}, Effort("full", 5, 1.0))
    assert {group.workers for group in scaling.groups(plan)} == {1, 2, 3, 4, 6, 8, 12, 16}
    assert all(scaling.WAITS % workers == 0 for workers in scaling.WAITING)


@pytest.mark.parametrize("pattern", ["independent", "stencil"])
def test_metg_says_what_its_points_are(tmp_path, pattern):
    plan = make_plan(tmp_path, {"": Rich, "again": Pool}, ALL)
    plan.memo |= {"metg.tasks.": 32, "metg.tasks.again": 32}
    found = {name: value for name, value in take(metg, plan).items() if f".{pattern}." in f".{name}"}
    assert found
    assert any(name.startswith("again.") for name in found) == (pattern == "independent")
    for name, (probe, sample) in found.items():
        microseconds = int(re.fullmatch(rf"(?:again\.)?metg\.{pattern}\.(\d+)us", name)[1])
        assert probe.parameters["grain"] == pytest.approx(microseconds * 1e-6, rel=0.1)
        assert probe.parameters["pattern"] == pattern and probe.parameters["tasks"] == 32
        assert sample > 0
    again = take(metg, plan)
    assert again.keys() == take(metg, plan).keys()


class Curve:
    """Wall times of an engine that has a fixed cost for each task, and how often it was asked."""

    def __init__(self, kernel, pattern, cost):
        self.kernel, self.pattern, self.cost, self.calls = kernel, pattern, cost, 0

    def __call__(self, iterations):
        self.calls += 1
        return self.pattern.total * max(self.cost, self.kernel.seconds(iterations) / self.pattern.workers)


@pytest.mark.parametrize("cost", [1e-6, 20e-6, 500e-6, 10e-3])
def test_a_sweep_covers_both_sides_of_half_efficiency(cost):
    kernel, pattern = plain.Kernel(2e-6, 0.22e-6), metg.Independent(256, 2)
    points = metg.choose(Curve(kernel, pattern, cost), kernel, pattern, cost, 8.0)
    assert points == [step for step in metg.LADDER if points[0] <= step <= points[-1]]
    assert points[0] * 1e-6 >= kernel.floor
    assert points[0] * 1e-6 <= max(0.35 * 2 * cost, 2 * kernel.floor)
    assert points[-1] * 1e-6 >= 2 * 2 * cost or pattern.total * points[-1] * 1e-6 > 4.0
    assert len(points) <= 12


@pytest.mark.parametrize("guess", [0.01, 100.0])
def test_a_wrong_guess_of_the_cost_is_put_right(guess):
    kernel, pattern, cost = plain.Kernel(2e-6, 0.22e-6), metg.Independent(256, 2), 200e-6
    points = metg.choose(Curve(kernel, pattern, cost), kernel, pattern, cost * guess, 8.0)
    assert points[0] * 1e-6 <= 0.35 * 2 * cost
    assert points[-1] * 1e-6 >= 2 * 2 * cost


def test_a_slow_engine_gets_fewer_tasks(tmp_path):
    plan = make_plan(tmp_path, {"": Pool})
    plan.memo["pilot.cost."] = metg.LONGEST / 80
    assert metg._tasks(plan, "", Pool()) == 10
    plan = make_plan(tmp_path, {"": Pool})
    plan.memo["pilot.cost."] = 1e-6
    engine = Pool()
    engine.metg_tasks = 16
    assert metg._tasks(plan, "", engine) == 16


def test_jobs_end_on_a_slow_engine():
    for item in jobs.JOBS.values():
        fast, slow = jobs.number_of_tasks(item, 2, 1e-6, 0.5), jobs.number_of_tasks(item, 2, 1.0, 0.5)
        assert 4 == slow <= fast <= max(4, item.most)


@pytest.mark.parametrize("module", [metg, payload, memory, scaling, mixed, jobs], ids=lambda module: module.__name__)
def test_wrong_answers_are_no_samples(tmp_path, module):
    with pytest.raises((RuntimeError, TypeError)) as stopped:
        take(module, make_plan(tmp_path, {"": Deaf}))
    if stopped.type is RuntimeError:
        assert "pool: " in str(stopped.value) and "wrong answer" in str(stopped.value)


def test_check_names_the_system():
    with pytest.raises(RuntimeError, match="pool: a single task gave a wrong answer"):
        check(Deaf())


def test_later_passes_take_what_the_first_found(tmp_path):
    plan = make_plan(tmp_path, {"": Pool})
    assert pilot.remember(plan, "key", lambda: 1) == 1
    assert pilot.remember(plan, "key", lambda: 2) == 1
    take(jobs, plan)
    json.dumps(plan.memo)
    assert {f"job.{letter}." for letter in jobs.JOBS} < plan.memo.keys()


def test_memory_of_processes_and_of_threads(tmp_path):
    threads = take(memory, make_plan(tmp_path, {"": Pool}))
    processes = take(memory, make_plan(tmp_path, {"": Processes}))
    assert "growth" in threads["memory.idle"][0].parameters["of"]
    assert processes["memory.idle"][0].parameters["of"] == "processes of the engine"
    assert processes["memory.idle"][0].parameters["measure"] in ("PSS", "RSS")
    assert processes["memory.loaded"][1] > 1_000_000
    assert processes["memory.loaded"][1] >= processes["memory.idle"][1]


def test_no_engine_of_ours_is_measured_in_the_place_of_a_cluster(tmp_path):
    plan = make_plan(tmp_path, {"": Pool}, address="tcp://nowhere:1")
    assert [list(module.groups(plan)) for module in (startup, memory, scaling)] == [[], [], []]
    assert [group.name for group in mixed.groups(plan)] == ["shared_job"]


def test_a_cold_start_gives_its_four_parts_together(tmp_path, monkeypatch):
    starts = []

    def cold_start(plan, variant):
        starts.append(variant)
        return {part: float(len(starts)) for part in startup.PARTS}

    monkeypatch.setattr(startup, "cold_start", cold_start)
    plan = make_plan(tmp_path, {"": Pool, "again": Pool})
    (group,) = startup.groups(plan)
    probes = {probe.name: probe for probe in group.build({})}
    assert {probes[f"startup.{part}"].take() for part in startup.PARTS} == {1.0}
    assert probes["again.startup.start"].take() == 2.0
    assert probes["startup.start"].take() == 3.0
    assert starts == ["", "again", ""]
    assert probes["startup.python"].take() > 0
    assert probes["startup.start"].warmups == 1
    (group,) = startup.groups(plan)
    assert {probe.warmups for probe in group.build({})} == {0}


def test_an_adapter_may_say_how_it_starts(tmp_path):
    class Virtual(Pool):
        @classmethod
        def cold_start(cls, workers):
            return dict.fromkeys(startup.PARTS, 0.25 * workers)

    assert startup.ColdStarts(make_plan(tmp_path, {"": Virtual}), "").sampler("import")() == 0.5


def test_a_real_cold_start(tmp_path):
    plan = make_plan(tmp_path, {"": Pool})
    plan.system = "baseline"
    parts = startup.cold_start(plan, "")
    assert parts.keys() == startup.PARTS.keys()
    assert parts["first_result"] > parts["import"] + parts["start"] + parts["first_task"]


def test_a_failing_cold_start_is_one_error(tmp_path, capfd):
    plan = make_plan(tmp_path, {"": Pool})
    plan.system = "nosuch"
    with pytest.raises(RuntimeError, match="nosuch default failed in a fresh interpreter"):
        startup.cold_start(plan, "")


def test_kernel_converts_both_ways():
    kernel = plain.Kernel(2e-6, 0.25e-6)
    assert kernel.floor == 2.25e-6
    assert kernel.iterations(1e-6) == 1
    for seconds in (1e-5, 1e-3, 0.1):
        assert kernel.seconds(kernel.iterations(seconds)) == pytest.approx(seconds, rel=0.02)


def test_calibration_of_the_kernel(monkeypatch):
    """On a clock that the kernel itself moves, the line is found exactly."""
    moment = [0.0]

    def work(iterations):
        moment[0] += 2e-6 + 0.25e-6 * iterations

    def now():
        moment[0] += 1e-9
        return moment[0]

    monkeypatch.setattr(plain, "work", work)
    monkeypatch.setattr(plain.time, "perf_counter", now)
    found = plain.Kernel(**plain._kernel())
    assert found.call == pytest.approx(2e-6, rel=0.01)
    assert found.per_iteration == pytest.approx(0.25e-6, rel=0.001)
    assert found.bent < 0.01


def test_the_plain_loop_prints_json():
    command = [sys.executable, "-m", "examples.measure.plain", "loop", "1", "10"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    assert 0 < json.loads(ended.stdout) < 10


def test_kinds_of_the_mixed_job_are_spread_over_one_another():
    items = plain.mixed_items("u", 4, 4)
    assert [isinstance(item, str) for item in items] == [False, True] * 4
    assert [item for item in items if not isinstance(item, str)] == [0, 1, 2, 3]
    assert plain.mixed_items("u", 1, 2) == ["u/page/0", 0, "u/page/1"]


def test_the_page_server_is_another_process_and_ends():
    with serving(0.0) as url:
        assert tasks.inspect_or_fetch(f"{url}/page/7") == 107
    with pytest.raises(OSError):
        tasks.inspect_or_fetch(f"{url}/page/7")


def test_a_block_travels_out_of_band():
    block = tasks.Block(b"x" * 10_000)
    buffers = []
    data = pickle.dumps(block, protocol=5, buffer_callback=buffers.append)
    assert len(data) < 200 and len(buffers) == 1
    assert len(pickle.loads(data, buffers=buffers)) == 10_000
    for protocol in range(2, 6):
        assert len(pickle.loads(pickle.dumps(block, protocol=protocol))) == 10_000


@pytest.mark.parametrize("size", [0, 1, 1_000, 3_000_000])
def test_bytes_of_a_size_do_not_compress(size):
    made = tasks.make_bytes(size)
    assert len(made) == size == len(tasks.make_block(size))
    assert tasks.make_bytes(size) is made
    assert size < 1_000 or len(zlib.compress(made[:100_000], 1)) > 0.99 * min(size, 100_000)


def test_tasks_answer():
    assert tasks.work(3) == tasks.work(3) != tasks.work(4)
    assert tasks.cell(1) == 1 and tasks.cell(1, 2, 3) == 6
    assert tasks.job((1, b"abc", 0)) == b"" and len(tasks.job((0, b"", 12))) == 12
