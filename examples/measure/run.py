"""One pass of one system: its engines, its groups in order, the samples of a group in turn and in random order."""

from __future__ import annotations

import contextlib
import fnmatch
import math
import random
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import psutil

from examples.measure import noise
from examples.measure.adapter import Adapter
from examples.measure.journal import Journal
from examples.measure.probe import Group, Plan, Probe

#: Modules that run in the first pass alone: their two sides are compared within it, and other tools take their time.
ONCE = ("crosscheck",)

#: Modules that the quick effort takes only when they are asked for.
THOROUGH = ("jobs", "extra", "crosscheck")

#: Why a module makes no sense on a cluster that is there already.
ELSEWHERE = {
    "startup": "the cluster runs already",
    "memory": "the workers' processes are on other machines",
    "scaling": "the number of workers is the cluster's own",
    "crosscheck": "the engines' own tools start an engine on this machine",
}

#: With a deadline, a group is taken again only when that costs at most this share of the time left.
REPEAT_SHARE = 0.05

#: Probes that do not carry the name of their module, by their first word.
HOMES = {"shared_job": "mixed", "job": "jobs"}


class EngineError(RuntimeError):
    """An engine answers wrongly or not at all: nothing of it may be timed."""


class Engines:
    """The engines of one system, started when a group first needs them and kept while the workers are the same."""

    def __init__(self, plan: Plan, check: Callable[[Adapter], None], say: Callable[[str], None]) -> None:
        self._plan, self._check, self._say = plan, check, say
        self._started: dict[str, Adapter] = {}
        self._workers: int | None = None

    def get(self, variants: tuple[str, ...], workers: int) -> dict[str, Adapter]:
        """Return the engines of *variants* with *workers* workers, each of which has answered rightly."""
        if workers != self._workers:
            self.stop()
            self._workers = workers
        for variant in variants:
            if variant not in self._started:
                self._start(variant, workers)
        return {variant: self._started[variant] for variant in variants}

    def connect(self) -> int:
        """Connect to the cluster of the plan's address with every variant, and return the number of its workers."""
        found = {variant: self._start(variant, 0) for variant in self._plan.kinds}
        self._workers = min(found.values())
        return self._workers

    def stop(self) -> None:
        """Stop every engine, also when one of them fails to stop; raises what failed last."""
        with contextlib.ExitStack() as stack:
            while self._started:
                variant, adapter = self._started.popitem()
                stack.callback(adapter.stop)
        self._workers = None

    def _start(self, variant: str, workers: int) -> int:
        label = variant or "the default"
        adapter = self._plan.kinds[variant]()
        # Kept before it is started: an engine that fails halfway has processes to stop.
        self._started[variant] = adapter
        if self._plan.address:
            self._say(f"connecting {label}")
            try:
                workers = adapter.connect(self._plan.address, self._plan.home)
            except BaseException:
                del self._started[variant]
                raise
        else:
            self._say(f"starting {label}, {workers} worker{'s' if workers != 1 else ''}")
            try:
                adapter.start(workers, self._plan.home)
            except BaseException:
                del self._started[variant]
                with contextlib.suppress(Exception):  # what was never begun cannot be stopped
                    adapter.stop()
                raise
        try:
            self._check(adapter)
        except Exception as error:
            raise EngineError(str(error) if isinstance(error, RuntimeError) else f"{label}: {error!r}") from error
        return workers


@dataclass
class Pass:
    """One pass over the groups of a system."""

    plan: Plan
    number: int
    modules: dict[str, ModuleType]
    journal: Journal
    engines: Engines
    #: What ``--probe`` named; empty takes all.
    selection: list[str] = field(default_factory=list)
    say: Callable[[str], None] = print
    #: Point in time (:func:`time.monotonic`) after which no group begins and none is repeated, or None.
    deadline: float | None = None
    repeats: int = noise.REPEATS
    patience: float = noise.PATIENCE
    canary: Callable[[], float] = noise.sing_on_cores
    others: Callable[[], float] = noise.others_seconds
    #: Patterns that named something.
    matched: set[str] = field(default_factory=set)
    failed: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)

    def run(self) -> None:
        """Take every group that the journal does not hold yet; a group that fails is told and left out."""
        for name, module in self.modules.items():
            chosen = chosen_patterns(self.selection, name, set(self.modules), tuple(self.plan.kinds))
            if name == "extra":
                # A name without wildcards that its own module has is no probe of this system alone.
                chosen = [one for one in chosen if "*" in one or one not in self.matched]
            if self.selection and not chosen:
                continue
            if name in ONCE and self.number > 1:
                self.matched.update(chosen)
                continue
            if name in THOROUGH and not self.plan.effort.thorough and not self.selection:
                continue
            if self.plan.address and name in ELSEWHERE:
                self.matched.update(chosen)
                self.say(f"skipped {name}: {ELSEWHERE[name]}")
                continue
            # A module may look at the memo that the groups before it left, so it is asked for one group at a time.
            for group in module.groups(self.plan):
                self._group(group, [] if name in chosen else chosen)
                if name in chosen:
                    self.matched.add(name)

    def _group(self, group: Group, patterns: list[str]) -> None:
        if self.journal.finished(self.number, group.name, patterns):
            names = self.journal.names(self.number, group.name)
            self.matched.update(one for one in patterns if any(self._means(one, name) for name in names))
            return
        if self.plan.address and (group.alone or group.workers not in (None, self.plan.workers)):
            reason = "it needs an engine on which nothing ran before" if group.alone else ELSEWHERE["scaling"]
            self.say(f"skipped {group.name}: {reason}")
            return
        if self._late():
            self.skipped.append(group.name)
            return
        self.say(group.name)
        began = time.monotonic()
        try:
            entries, report = self._calmest(group, patterns)
        except EngineError:
            raise
        except Exception as error:
            traceback.print_exc()
            self.say(f"{group.name} FAILED: {type(error).__name__}: {error}")
            self.failed.append(group.name)
            with contextlib.suppress(Exception):
                self.engines.stop()  # whatever state it is in, the next group starts with a new one
            if self.plan.address:
                raise
            return
        line: dict[str, Any] = {"pass": self.number, "group": group.name, "entries": entries, "noise": report}
        if patterns:
            line["selection"] = patterns
        line["seconds"] = round(time.monotonic() - began, 3)
        self.journal.append(line | {"memo": self.plan.memo})

    def _means(self, pattern: str, name: str) -> bool:
        return matches(name, pattern, tuple(self.plan.kinds))

    def _late(self) -> bool:
        return self.deadline is not None and time.monotonic() >= self.deadline

    def _affordable(self, seconds: float) -> bool:
        """Return whether what took *seconds* may be taken again: where time is short, groups not taken yet go first."""
        return self.deadline is None or seconds <= REPEAT_SHARE * (self.deadline - time.monotonic())

    def _calmest(self, group: Group, patterns: list[str]) -> tuple[dict[str, Any], dict[str, Any]]:
        """Take *group*, again while the machine is noisy, and return the calmest entries and their noise."""
        attempts = []
        probes: list[Probe] | None = None
        if not group.alone:
            probes = self._build(group, self._variants(group), patterns)
        for attempt in range(1 + self.repeats):
            began = time.monotonic()
            most = None if self.deadline is None else REPEAT_SHARE * (self.deadline - time.monotonic())
            # The fastest look of all passes: the machine may be slow for the whole of this one.
            floor = self.plan.memo.get("canary_floor", math.inf)
            watch = noise.Watch(self.canary, self.others, floor, self.patience, most)
            entries: dict[str, Any] = {}
            if group.alone:
                for variant in random.sample(self._variants(group), len(self._variants(group))):
                    self.engines.stop()
                    chosen = self._build(group, (variant,), patterns)
                    entries |= interleave(chosen, watch)
                    chosen.clear()  # probes hold engines and payloads
                    self.engines.stop()
            else:
                entries = interleave(probes or [], watch)
            if not any(entry["unit"] == "s" for entry in entries.values()):
                return entries, {}  # bytes and counts do not depend on how busy the machine is
            attempts.append((watch.report(), entries))
            self.plan.memo["canary_floor"] = watch.floor
            report = attempts[-1][0]
            if watch.lost:
                self.say(f"{group.name}: dropped {watch.dropped} samples, {watch.lost:.1f} s lost")
            # Without patience left the machine was not calm for as long as the group takes, and would not be now.
            hopeless = watch.lost and not watch.patient
            if noise.excess(report) <= 1 or hopeless or not self._affordable(time.monotonic() - began):
                break
            if attempt < self.repeats:
                others = f", others took {report['foreign']:.0%} of the cores" if report.get("foreign") else ""
                self.say(f"{group.name}: the canary varied by {report['canary']:.0%}{others}: once more")
        report, entries = min(attempts, key=lambda found: noise.excess(found[0]))
        return entries, report | {"attempts": len(attempts), "marked": noise.excess(report) > 1}

    def _variants(self, group: Group) -> tuple[str, ...]:
        return tuple(variant for variant in self.plan.kinds if group.variants is None or variant in group.variants)

    def _build(self, group: Group, variants: tuple[str, ...], patterns: list[str]) -> list[Probe]:
        if group.workers is None:
            self.engines.stop()
            started: dict[str, Adapter] = {}
        else:
            started = self.engines.get(variants, group.workers)
        probes = list(group.build(started))
        if not patterns:
            return probes
        kept = []
        for probe in probes:
            if found := [pattern for pattern in patterns if self._means(pattern, probe.name)]:
                self.matched.update(found)
                kept.append(probe)
        return kept


def interleave(probes: list[Probe], watch: noise.Watch) -> dict[str, Any]:
    """Take the samples of *probes* in turn and in random order, and return their entries by name.

    Samples between two looks of which one was not calm are dropped and taken again, while *watch* has patience.
    """
    samples: dict[str, list[float]] = {probe.name: [] for probe in probes}
    since: dict[str, list[float]] = {probe.name: [] for probe in probes}  # samples since the last look
    for probe in probes:
        for _ in range(probe.warmups):
            probe.take()
    while True:
        watch.wait()
        began = time.monotonic()
        while due := [probe for probe in probes if len(samples[probe.name]) + len(since[probe.name]) < probe.count]:
            random.shuffle(due)
            for probe in due:
                since[probe.name].append(probe.take())
            if watch.due:
                break
        taken = sum(map(len, since.values()))
        kept = watch.judge(taken, time.monotonic() - began)
        for name, some in since.items():
            if kept:
                samples[name] += some
            some.clear()
        if not any(len(samples[probe.name]) < probe.count for probe in probes):
            return {probe.name: entry(probe, samples[probe.name]) for probe in probes if samples[probe.name]}


def entry(probe: Probe, samples: list[float]) -> dict[str, Any]:
    """Return a probe with its samples as the result file holds them."""
    found = {"unit": probe.unit, "samples": samples, "warmups": probe.warmups, "description": probe.description}
    return found | ({"parameters": probe.parameters} if probe.parameters else {})


def matches(name: str, pattern: str, variants: tuple[str, ...]) -> bool:
    """Return whether the probe *name* is meant by *pattern*, which may leave the variant's name out."""
    names = [name, *(name.removeprefix(f"{variant}.") for variant in variants if variant)]
    return any(fnmatch.fnmatchcase(each, pattern) for each in names)


def chosen_patterns(selection: list[str], module: str, modules: set[str], variants: tuple[str, ...]) -> list[str]:
    """Return the patterns of *selection* that may name probes of *module*.

    A pattern names its module by its first word, after a variant's name; another may name a probe of one system alone.
    """
    found = []
    for pattern in selection:
        words = pattern.split(".")
        if len(words) > 1 and words[0] in variants:
            del words[0]
        home = HOMES.get(words[0], words[0])
        candidates = {name for name in modules if fnmatch.fnmatchcase(name, home)} or {"extra"}
        if module in candidates:
            found.append(pattern)
        elif module == "extra" and len(words) > 1:
            found.append(pattern)  # a system may have own probes such as task_cost.batched
    return found


@contextlib.contextmanager
def nothing_left(say: Callable[[str], None], grace: float = 5.0) -> Iterator[None]:
    """End every process that the block started and left behind, with a word about each."""
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    try:
        yield
    finally:
        left = [child for child in psutil.Process().children(recursive=True) if child.pid not in before]
        # Helpers of multiprocessing and loky end with this process, and must: they clean up after it.
        _, left = psutil.wait_procs([child for child in left if not _helper(child)], timeout=grace)
        for child in left:
            with contextlib.suppress(psutil.Error):
                say(f"ended a process that was left behind: {child.pid} {' '.join(child.cmdline())[:80]}")
                child.kill()
        psutil.wait_procs(left, timeout=grace)


def _helper(process: psutil.Process) -> bool:
    try:
        command = " ".join(process.cmdline())
    except psutil.Error:
        return True
    return "resource_tracker" in command or "forkserver" in command


def to_stderr(system: str, prefix: str = "") -> Callable[[str], None]:
    """Return a function that prints one line of progress."""
    return lambda what: print(f"{system}: {prefix}{what}", file=sys.stderr, flush=True)


def make_home(stack: contextlib.ExitStack) -> Path:
    """Return a new folder for the engines' files, removed with *stack*."""
    return Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ppm-", ignore_cleanup_errors=True)))
