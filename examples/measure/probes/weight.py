"""What installing a system adds: its distributions and the bytes of their files.

Read from the metadata of what is installed, so it is exact and the same in every pass.
It does not count what the operating system must bring, such as a Java runtime or a broker.
"""

from __future__ import annotations

from collections.abc import Iterator

from examples.measure import weight
from examples.measure.adapter import Adapter
from examples.measure.probe import Group, Plan, Probe


def groups(plan: Plan) -> Iterator[Group]:
    """Yield one group that needs no engine."""
    packages = plan.kinds[""].packages

    def build(_: dict[str, Adapter]) -> Iterator[Probe]:
        names = weight.closure(packages)
        counted, size = float(len(names)), float(weight.installed_bytes(names))
        yield Probe("weight.packages", "", lambda: counted, 1, "distributions installed, itself included", warmups=0)
        yield Probe("weight.installed", "B", lambda: size, 1, "bytes installed, no bytecode", warmups=0)

    yield Group("weight", build, workers=None)
