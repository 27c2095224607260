"""From starting an interpreter to the first result, and its parts: import, start, first task.

Every sample is a fresh interpreter that runs :mod:`examples.measure.cold`; the variants take turns.
The child's own clock gives the parts, ours gives the whole, so the whole also holds the interpreter's start, which
``startup.python`` measures alone, and the import of the harness's own modules, a few milliseconds.
Files are in the system's cache: the first interpreter of a run warms it and is thrown away.
It does not show the first start after a reboot, nor how long an engine takes to stop.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import defaultdict, deque
from collections.abc import Callable, Iterator

from examples.measure.adapter import Adapter
from examples.measure.probe import Group, Plan, Probe, named
from examples.measure.provenance import ROOT

#: Cold starts of a variant in one pass of the full effort.
STARTS = 2

#: What the parts of a cold start are, by the name that the probes carry.
PARTS = {
    "import": "import of the package in a fresh interpreter",
    "start": "from the import to an engine that is ready, or says it is",
    "first_task": "first task on the started engine",
    "first_result": "from starting an interpreter to the first result",
}


def groups(plan: Plan) -> Iterator[Group]:
    """Yield one group that starts its engines itself; none where the reader's own cluster is there already."""
    if plan.address:
        return
    # Each pass is a process of its own, but the files stay in the cache from the first on.
    warmups = 0 if plan.memo.get("startup.warm") else 1

    def build(_: dict[str, Adapter]) -> Iterator[Probe]:
        plan.memo["startup.warm"] = True
        count = plan.effort.count(STARTS, least=1)
        for variant in plan.kinds:
            starts = ColdStarts(plan, variant)
            for part, description in PARTS.items():
                yield Probe(
                    named(variant, f"startup.{part}"),
                    "s",
                    starts.sampler(part),
                    count,
                    description,
                    warmups,
                    {"workers": plan.workers},
                )
        yield Probe(
            "startup.python",
            "s",
            lambda: bare_interpreter(plan),
            count + 2,
            "an interpreter that does nothing",
            warmups,
        )

    yield Group("startup", build, workers=None)


class ColdStarts:
    """Cold starts of one variant, each of which gives one sample of every part."""

    def __init__(self, plan: Plan, variant: str) -> None:
        """Take the parts from :func:`cold_start`, or from the adapter where it says how it starts."""
        self._plan, self._variant = plan, variant
        self._waiting: dict[str, deque[float]] = defaultdict(deque)

    def sampler(self, part: str) -> Callable[[], float]:
        """Return a function that gives the next sample of *part*; it starts an interpreter when none is waiting."""

        def take() -> float:
            if not self._waiting[part]:
                for name, seconds in self._start().items():
                    self._waiting[name].append(seconds)
            return self._waiting[part].popleft()

        return take

    def _start(self) -> dict[str, float]:
        # An adapter on a virtual clock cannot be timed from outside: it gives the same four parts itself.
        own = getattr(self._plan.kinds[self._variant], "cold_start", None)
        return own(self._plan.workers) if own else cold_start(self._plan, self._variant)


def cold_start(plan: Plan, variant: str) -> dict[str, float]:
    """Return the seconds of one cold start by part.

    Raises :class:`RuntimeError` when the interpreter fails.
    """
    with tempfile.TemporaryDirectory(prefix="ppm-") as home:
        command = [sys.executable, "-m", "examples.measure.cold", plan.system, variant, str(plan.workers), home]
        began = plan.now()
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
            line = next((line for line in child.stdout if line.startswith("{")), "")
            whole = plan.now() - began
            child.stdout.read()
    if child.returncode or not line:
        raise RuntimeError(f"{plan.system} {variant or 'default'} failed in a fresh interpreter")
    return json.loads(line) | {"first_result": whole}


def bare_interpreter(plan: Plan) -> float:
    """Return the seconds that an interpreter takes to start, do nothing and end."""
    return plan.seconds(lambda: subprocess.run([sys.executable, "-c", "pass"], cwd=ROOT, check=True))
