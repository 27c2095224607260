"""What a probe is, and how probes that are compared stand together.

A :class:`Probe` gives one sample at a call.  A :class:`Group` holds the probes whose samples are taken in turn and in
random order, because they are compared.  Each module of :mod:`examples.measure.probes` yields the groups of one
question.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from examples.measure.adapter import Adapter

#: How often a call is warmed, at most, and for how many seconds: see :meth:`Plan.settle`.
WARM_CALLS, WARM_SECONDS = 10, 0.02


@dataclass(frozen=True)
class Effort:
    """How much is measured: *passes* over every system in turn, each with a *share* of the full number of samples."""

    name: str
    passes: int
    share: float

    def count(self, full: int, least: int = 3) -> int:
        """Return the samples of one pass where the full effort takes *full*."""
        return max(least, round(full * self.share))

    @property
    def thorough(self) -> bool:
        """Whether it takes the points that a quick look leaves out."""
        return self.share > 0.5


EFFORTS = {"full": Effort("full", 3, 1.0), "quick": Effort("quick", 2, 0.3)}


@dataclass
class Probe:
    """One quantity: *take* returns one sample in *unit*; *count* samples are kept after *warmups* are thrown away."""

    name: str
    unit: str
    take: Callable[[], float]
    count: int
    description: str
    warmups: int = 1
    parameters: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Group:
    """Probes that are compared with one another.

    *build* gets the started engines by variant and returns the probes; their names carry the variant (:func:`named`).
    *workers* says with how many workers the engines are started; None starts no engine, and *build* gets an empty
    mapping.  *variants* names those that take part, None all.  *alone* asks for engines on which nothing ran before,
    one variant at a time, stopped afterwards; :func:`build` is then called once a variant.
    """

    name: str
    build: Callable[[dict[str, Adapter]], Iterable[Probe]]
    workers: int | None
    variants: tuple[str, ...] | None = None
    alone: bool = False


@dataclass
class Plan:
    """All that the probes of one system need to know."""

    system: str
    kinds: dict[str, type[Adapter]]
    workers: int
    cores: int
    effort: Effort
    home: Path
    #: Returns the time in seconds; a test gives a virtual clock.
    now: Callable[[], float] = time.perf_counter
    #: What one pass found out and the next must do alike, such as the sizes of a sweep; kept by the journal.
    memo: dict[str, Any] = field(default_factory=dict)
    #: Address of the reader's own cluster, or empty: engines are then connected to and not started.
    address: str = ""

    def settle(self, warm: Callable[[], Any] | None = None) -> None:
        """Empty the garbage collector, then run *warm* a few times.

        Emptying it takes milliseconds, in which caches go cold and waiting workers fall asleep.  The next round trip
        would take up to twice as long as one in a loop (the cross-checks showed it), so before a call that may be short
        something like it runs untimed.
        """
        gc.collect()
        if warm:
            began = self.now()
            for _ in range(WARM_CALLS):
                warm()
                if self.now() - began > WARM_SECONDS:
                    break

    def seconds(self, call: Callable[[], Any], warm: Callable[[], Any] | None = None) -> float:
        """Return how long *call* took, in seconds, after :meth:`settle`."""
        self.settle(warm)
        began = self.now()
        call()
        return self.now() - began


def named(variant: str, probe: str) -> str:
    """Return the name of a probe in the results."""
    return f"{variant}.{probe}" if variant else probe
