"""A cost model: how long a job of independent, equal tasks takes on an engine, and when that beats a plain loop.

::

    time = startup + (latency + tasks·cost) + (tasks + 1)/2 · way + work
    way = bytes_in/bandwidth_in + bytes_out/bandwidth_out
    work = ⌈tasks/workers⌉ · work per task · stretch(n),   n = min(workers, tasks)
    stretch(n) = 1 + σ(n−1) + κn(n−1)

*stretch* is how much longer a task takes because n of them run at once: the Universal Scalability Law of Gunther
(arXiv 0808.1431), whose speed-up is n/stretch(n); with κ = 0 it is Amdahl's law.  The ceiling is the load imbalance of
equal tasks: three tasks on two workers take two rounds.

**The parts add.**  An engine that sends tasks while others run could hide the shorter of dispatch and work behind the
longer one, and then the time would be their maximum.  The sum is at most twice that maximum, so it is the cautious
form, and the right one where the sender shares the cores with the workers, as on a small machine.

**Data pass two stages.**  Bandwidths are measured on one task at a time, which is sent and then received.  In a stream
the next task is sent while the last one is received: a pipeline of two stages, taken as equal, in which n tasks take
(n + 1)/2 times as long as one.

:data:`FORMS` holds the model and its rivals; :mod:`examples.measure.analysis.cost_model` gives the error of each on
the held-out jobs.

**What it leaves out**: memory, and with it swapping and spilling; tasks of unequal length; tasks that depend on each
other; other load on the machine; a network slower or busier than the one that was measured; failures and retries;
numbers of workers that were not measured.  :func:`outside` names the inputs that lie outside of what was measured.

``book/_ext/ppm_calculator/static/cost-model.js`` is this module in JavaScript;
``tests/measure/cost_model_cases.json`` holds them together.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, asdict, dataclass, field, fields, replace
from typing import Any

#: Kinds of work, because what stretches a task is another thing for each: Python code that holds the GIL, compiled
#: code that releases it, and waiting for a network or a disk.
KINDS = ("python", "compiled", "waiting")

#: A break-even beyond this number of tasks is never: floating-point numbers cannot count so far.
MOST_TASKS = 2**53


@dataclass(frozen=True)
class Law:
    """How much longer a task takes when others run beside it.

    *contention* σ and *coherency* κ, both from 0 up, fitted on 1 to *workers* workers.
    """

    contention: float
    coherency: float
    workers: int

    def stretch(self, running: int) -> float:
        """Return the time of one of *running* tasks relative to that of a task alone."""
        return 1 + self.contention * (running - 1) + self.coherency * running * (running - 1)


@dataclass(frozen=True)
class Parameters:
    """What an engine costs; times in seconds, None for what was not measured.

    *startup*: from the import of the package to the first result, less one round trip.  *latency*: what a job pays once
    on a running engine.  *cost*: what each task adds.  *byte_in* and *byte_out*: seconds that a byte adds on its way to
    a task and back, 0 where none could be seen.  *laws*: by kind of work.  *measured*: the largest number of tasks and
    bytes that the parameters rest on.
    """

    startup: float | None
    latency: float
    cost: float
    byte_in: float | None
    byte_out: float | None
    laws: Mapping[str, Law]
    measured: Mapping[str, float] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """Return the parameters as JSON has them."""
        return asdict(replace(self, laws=dict(self.laws), measured=dict(self.measured)))

    @classmethod
    def from_plain(cls, data: Mapping[str, Any]) -> Parameters:
        """Return the parameters that :meth:`plain` wrote.  Raises :class:`ValueError` for a name that is unknown or
        missing."""
        _check_names("parameter", data, cls)
        for law in data["laws"].values():
            _check_names("parameter of a law", law, Law)
        return cls(**{**data, "laws": {kind: Law(**law) for kind, law in data["laws"].items()}})


def _check_names(what: str, data: Mapping[str, Any], kind: type) -> None:
    """Raise :class:`ValueError` unless *data* has the fields of *kind*, those with a default at its choice."""
    for name in data:
        if name not in {field.name for field in fields(kind)}:
            raise ValueError(f"unknown {what} {name!r}")
    for item in fields(kind):
        if item.name not in data and item.default is MISSING and item.default_factory is MISSING:
            raise ValueError(f"{what} {item.name!r} is missing")


@dataclass(frozen=True)
class Job:
    """Equal, independent tasks: their number, seconds of work in one, bytes into and out of one.

    *running* says that the engine was started before, for something else.  Raises :class:`ValueError` for a number that
    no job has.
    """

    tasks: int
    work: float
    workers: int
    bytes_in: float = 0
    bytes_out: float = 0
    running: bool = True
    kind: str = "compiled"

    def __post_init__(self) -> None:
        for name in ("tasks", "workers"):
            if not _is_number(value := getattr(self, name)) or value != math.floor(value) or value < 1:
                raise ValueError(f"{name} must be a whole number from 1 up, not {value!r}")
        for name in ("work", "bytes_in", "bytes_out"):
            if not _is_number(value := getattr(self, name)) or value < 0:
                raise ValueError(f"{name} must be a number from 0 up, not {value!r}")
        if self.kind not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}, not {self.kind!r}")

    @classmethod
    def from_plain(cls, data: Mapping[str, Any]) -> Job:
        """Return the job with these fields.  Raises :class:`ValueError` for a name that is unknown or missing."""
        _check_names("input", data, cls)
        return cls(**data)

    @property
    def loop(self) -> float:
        """Seconds of a plain loop over the tasks in one process."""
        return self.tasks * self.work


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


@dataclass(frozen=True)
class Prediction:
    """Seconds of a job by part; *total* is their sum."""

    startup: float
    dispatch: float
    transfer: float
    work: float

    @property
    def total(self) -> float:
        """Seconds of the whole job."""
        return self.startup + self.dispatch + self.transfer + self.work


#: The model, and what it could be instead: the longer of sending and working hides the shorter; data travel one task
#: after the other.
FORMS: dict[str, Callable[[Prediction, Job], float]] = {
    "sum": lambda parts, job: parts.total,
    "maximum": lambda parts, job: parts.startup + max(parts.dispatch + parts.transfer, parts.work),
    "serial": lambda parts, job: parts.total + parts.transfer * (job.tasks - 1) / (job.tasks + 1),
}


class NotMeasured(LookupError):
    """A job needs a parameter that was not measured; the message names it."""


def _fixed(parameters: Parameters, job: Job) -> float:
    """Return the seconds that a job pays once."""
    if job.running:
        return parameters.latency
    if parameters.startup is None:
        raise NotMeasured("start-up")
    return parameters.startup + parameters.latency


def _stage(parameters: Parameters, job: Job) -> float:
    """Return the seconds that the bytes of one task take in each of the two stages: sent, and received."""
    seconds = 0.0
    for size, rate, name in ((job.bytes_in, parameters.byte_in, "in"), (job.bytes_out, parameters.byte_out, "out")):
        if size > 0:
            if rate is None:
                raise NotMeasured(f"bandwidth {name}")
            seconds += size * rate
    return seconds / 2


def _law(parameters: Parameters, job: Job) -> Law:
    if job.kind not in parameters.laws:
        raise NotMeasured(f"speed-up of {job.kind} work")
    return parameters.laws[job.kind]


def predict(parameters: Parameters, job: Job) -> Prediction:
    """Return the seconds of *job* by part.  Raises :class:`NotMeasured`."""
    fixed = _fixed(parameters, job)
    stretch = _law(parameters, job).stretch(min(job.workers, job.tasks))
    return Prediction(
        startup=fixed - parameters.latency if not job.running else 0.0,
        dispatch=parameters.latency + job.tasks * parameters.cost,
        transfer=(job.tasks + 1) * _stage(parameters, job),
        work=math.ceil(job.tasks / job.workers) * job.work * stretch,
    )


def break_even_work(parameters: Parameters, job: Job) -> float | None:
    """Return the seconds of work per task beyond which *job* beats a plain loop, None for never.

    The job's own work does not count.  Raises :class:`NotMeasured`.
    """
    law = _law(parameters, job)
    paid = _fixed(parameters, job) + job.tasks * parameters.cost + (job.tasks + 1) * _stage(parameters, job)
    gained = job.tasks - math.ceil(job.tasks / job.workers) * law.stretch(min(job.workers, job.tasks))
    return paid / gained if gained > 0 else None


def break_even_tasks(parameters: Parameters, job: Job) -> int | None:
    """Return the number of tasks from which on *job* beats a plain loop, None for never.

    That number and every larger one does.  A smaller one may, too, when it fills its last round of workers better.
    The job's own number of tasks does not count.  Raises :class:`NotMeasured`.
    """
    law = _law(parameters, job)
    stage = _stage(parameters, job)
    fixed = _fixed(parameters, job) + stage
    workers = job.workers
    # A task saves its work in the loop and costs its dispatch and its bytes; a round of tasks costs the work of one.
    saved = job.work - parameters.cost - stage
    round_ = job.work * law.stretch(workers)
    if saved <= 0 or workers * saved <= round_:
        return None
    # The first task of a round gains least: (workers·(m−1) + 1)·saved must exceed fixed + m·round.
    needed = (fixed + (workers - 1) * saved) / (workers * saved - round_)
    if not needed * workers < MOST_TASKS:
        return None
    rounds = max(2, math.floor(needed) + 1)
    # From there on all gain; in the round before, those that are full enough.
    before = rounds - 1
    tasks = math.floor((fixed + before * round_) / saved) + 1
    if before > 1:
        return min(max(tasks, (before - 1) * workers + 1), before * workers + 1)
    # With fewer tasks than workers, fewer run at once, and each is stretched less.
    count = workers
    while count >= 1 and count * saved > fixed + job.work * law.stretch(count):
        count -= 1
    return count + 1


def outside(parameters: Parameters, job: Job) -> list[str]:
    """Return the names of those inputs of *job* that lie outside of what was measured.

    Work per task is none: a longer task only makes everything else matter less.
    """
    found = [
        name
        for name in ("tasks", "bytes_in", "bytes_out")
        if getattr(job, name) > parameters.measured.get(name, math.inf)
    ]
    law = parameters.laws.get(job.kind)
    return [*found, "workers"] if law and job.workers > law.workers else found


# Fitting.  Medians in, parameters out; what is resampled for an interval is the medians.

#: Median and parameters of one probe.
Measured = tuple[float, Mapping[str, Any]]


def of_variant(probes: Mapping[str, Mapping[str, Any]], variant: str = "") -> dict[str, Measured]:
    """Return the medians of a variant's probes, by name without the variant, from the ``probes`` of a result file.

    Plain-loop baselines and the bare interpreter, which are measured once, are there for every variant.
    """
    prefix = f"{variant}." if variant else ""
    names = {name.removeprefix(prefix): name for name in probes if name.startswith(prefix)}
    for name in ("shared_job.sequential", "startup.python"):
        if name in probes:
            names.setdefault(name, name)
    return {
        base: (statistics.median(probes[name]["samples"]), probes[name].get("parameters") or {})
        for base, name in names.items()
        if probes[name].get("samples")
    }


def fit(probes: Mapping[str, Mapping[str, Any]], variant: str = "") -> Parameters:
    """Fit the parameters of a variant to the ``probes`` of one result file; held-out jobs (``job.*``) are not read.

    Raises :class:`NotMeasured` when the file lacks what no job can do without: the round trip and the stream of empty
    tasks, and some probe of work.
    """
    return fit_medians(of_variant(probes, variant))


def fit_medians(medians: Mapping[str, Measured]) -> Parameters:
    """Fit the parameters to the medians of one variant's probes.  Raises :class:`NotMeasured`."""
    for name in ("task_cost.roundtrip", "task_cost.stream"):
        if name not in medians:
            raise NotMeasured(name)
    roundtrip = medians["task_cost.roundtrip"][0]
    cost, compiled = _cost(medians, roundtrip)
    latency = max(0.0, roundtrip - cost)
    laws = {}
    if compiled:
        laws["compiled"] = compiled
    for kind, family in (("python", "cpu"), ("waiting", "wait")):
        if law := _fitted_law(_scaling(medians, family), latency, cost):
            laws[kind] = law
    if not laws:
        raise NotMeasured("speed-up of any work")
    byte_in, largest_in = _per_byte(medians, "in")
    byte_out, largest_out = _per_byte(medians, "out")
    return Parameters(
        startup=_startup(medians, roundtrip),
        latency=latency,
        cost=cost,
        byte_in=byte_in,
        byte_out=byte_out,
        laws=laws,
        measured={"tasks": _most_tasks(medians), "bytes_in": largest_in, "bytes_out": largest_out},
    )


def _startup(medians: Mapping[str, Measured], roundtrip: float) -> float | None:
    """Return what a script pays before its engine works, less the first round trip, which a job pays anyway."""
    parts = [f"startup.{part}" for part in ("import", "start", "first_task")]
    if all(name in medians for name in parts):
        whole = sum(medians[name][0] for name in parts)
    elif "startup.first_result" in medians:
        whole = medians["startup.first_result"][0] - medians.get("startup.python", (0.0, {}))[0]
    else:
        return None
    return max(0.0, whole - roundtrip)


def _sweep(medians: Mapping[str, Measured]) -> list[tuple[float, int, float, int]]:
    """Return (seconds, tasks, work per task, workers) of the sweep over sizes of independent tasks."""
    found = [
        (seconds, int(at["tasks"]), float(at["grain"]), int(at["workers"]))
        for name, (seconds, at) in medians.items()
        if name.startswith("metg.independent.") and {"tasks", "grain", "workers"} <= set(at)
    ]
    return sorted(found, key=lambda point: point[2])


def _cost(medians: Mapping[str, Measured], roundtrip: float) -> tuple[float, Law | None]:
    """Return the cost per task, and the law of compiled work where there is a sweep.

    The stream of empty tasks and the sweep over task sizes are one line each: time − round trip =
    (tasks−1)·cost + rounds·work·stretch.  Least squares of the relative errors, neither parameter below what it can be.
    """
    stream, at = medians["task_cost.stream"]
    tasks = int(at.get("tasks", 1000))
    rows = [(tasks * stream, tasks - 1.0, 0.0)]
    sweep = _sweep(medians)
    rows += [(seconds, n - 1.0, math.ceil(n / w) * grain) for seconds, n, grain, w in sweep]
    workers = max((w for *_, w in sweep), default=1)
    equations = [((seconds - roundtrip) / seconds, x / seconds, y / seconds) for seconds, x, y in rows]
    cost, stretch = _two_positive(equations)
    if not sweep:
        return cost, None
    if stretch < 1:  # a task takes no less time because others run
        cost, stretch = _one_positive((value - y, x) for value, x, y in equations), 1.0
    return cost, Law((stretch - 1) / (workers - 1) if workers > 1 else 0.0, 0.0, workers)


def _scaling(medians: Mapping[str, Measured], family: str) -> list[tuple[float, int, float, int]]:
    """Return (seconds, tasks, work per task, workers) of a scaling experiment, without what is held out.

    A result file without one (schema 1) has the shared job in a plain loop and on all workers.
    """
    found = [
        (seconds, int(at["tasks"]), float(at["grain"]), int(at["workers"]))
        for name, (seconds, at) in medians.items()
        if name.startswith(f"scaling.{family}.strong.")
        and not at.get("held_out")
        and not at.get("oversubscribed")
        and {"tasks", "grain", "workers"} <= set(at)
    ]
    if not found and family == "cpu" and {"shared_job.sequential", "shared_job.parallel"} <= set(medians):
        seconds, at = medians["shared_job.parallel"]
        alone = medians["shared_job.sequential"][0]
        found = [(seconds, int(at["batches"]), alone / int(at["batches"]), int(at["workers"]))]
    return sorted(found, key=lambda point: point[3])


def _fitted_law(points: list[tuple[float, int, float, int]], latency: float, cost: float) -> Law | None:
    """Fit σ to the stretch of each point with more than one worker, and κ as well where there are three such."""
    stretched = []
    for seconds, tasks, work, workers in points:
        running = min(tasks, workers)
        if running > 1:
            stretch = (seconds - latency - tasks * cost) / (math.ceil(tasks / workers) * work)
            stretched.append((max(stretch, 1.0), running))
    if not points:
        return None
    workers = max(point[3] for point in points)
    equations = [((stretch - 1) / stretch, (n - 1) / stretch, n * (n - 1) / stretch) for stretch, n in stretched]
    if len({n for _, n in stretched}) >= 3:
        return Law(*_two_positive(equations), workers)
    return Law(_one_positive((value, x) for value, x, _ in equations) if equations else 0.0, 0.0, workers)


def _per_byte(medians: Mapping[str, Measured], way: str) -> tuple[float | None, float]:
    """Return the seconds that a byte adds, and the largest payload; the line is that of the book's bandwidths."""
    prefix = f"payload.{way}."
    rows = sorted(
        (float(at["bytes"]), seconds)
        for name, (seconds, at) in medians.items()
        if name.startswith(prefix) and "bytes" in at
    )
    if len(rows) < 2:
        return None, 0.0
    # SciPy fits the line; the environments that measure have none, and fit nothing.
    import numpy as np

    from examples.measure.analysis import payload

    sizes, times = np.array(rows).T
    return payload.fit(sizes, times)[1], rows[-1][0]


def _most_tasks(medians: Mapping[str, Measured]) -> float:
    """Return the largest number of tasks in one run of the probes that the fit reads."""
    runs = [*_sweep(medians), *_scaling(medians, "cpu"), *_scaling(medians, "wait")]
    return float(max([int(medians["task_cost.stream"][1].get("tasks", 1000)), *(tasks for _, tasks, *_ in runs)]))


def _one_positive(equations: Iterable[tuple[float, float]]) -> float:
    """Return the a ≥ 0 with the least squares of value − a·x."""
    pairs = list(equations)
    square = sum(x * x for _, x in pairs)
    return max(0.0, sum(value * x for value, x in pairs) / square) if square else 0.0


def _two_positive(equations: list[tuple[float, float, float]]) -> tuple[float, float]:
    """Return the a, b ≥ 0 with the least squares of value − a·x − b·y."""
    xx = sum(x * x for _, x, _ in equations)
    xy = sum(x * y for _, x, y in equations)
    yy = sum(y * y for _, _, y in equations)
    vx = sum(value * x for value, x, _ in equations)
    vy = sum(value * y for value, _, y in equations)
    determinant = xx * yy - xy * xy
    if determinant > 1e-12 * xx * yy:
        a, b = (vx * yy - vy * xy) / determinant, (vy * xx - vx * xy) / determinant
        if a >= 0 and b >= 0:
            return a, b
    # The best lies on an edge.
    only_x = max(0.0, vx / xx) if xx else 0.0
    only_y = max(0.0, vy / yy) if yy else 0.0
    gain_x, gain_y = only_x * (2 * vx - only_x * xx), only_y * (2 * vy - only_y * yy)
    return (only_x, 0.0) if gain_x >= gain_y else (0.0, only_y)


def held_out(medians: Mapping[str, Measured]) -> dict[str, tuple[float, Job]]:
    """Return the held-out jobs by name: median seconds and the job, on an engine that runs."""
    found = {}
    for name, (seconds, at) in medians.items():
        if name.startswith("job.") and {"tasks", "grain", "workers"} <= set(at):
            job = Job(
                int(at["tasks"]),
                float(at["grain"]),
                int(at["workers"]),
                float(at.get("bytes_in", 0)),
                float(at.get("bytes_out", 0)),
                kind=at.get("kind", "compiled"),
            )
            found[name] = (seconds, job)
    return found


def errors(parameters: Parameters, medians: Mapping[str, Measured], form: str = "sum") -> dict[str, float]:
    """Return predicted ÷ measured − 1 by held-out job; a job that needs what was not measured is left out."""
    found = {}
    for name, (seconds, job) in held_out(medians).items():
        try:
            found[name] = FORMS[form](predict(parameters, job), job) / seconds - 1
        except NotMeasured:
            continue
    return found
