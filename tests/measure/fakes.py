"""Engines and probes without an engine, and a journal's surroundings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

from examples.measure import journal
from examples.measure.probe import EFFORTS, Group, Plan, Probe, named
from examples.measure.run import Engines, Pass


class Fake:
    """A serial engine that counts its starts and stops."""

    system = "fake"
    packages = ("psutil",)
    import_name = "psutil"
    log: list[str] = []

    def start(self, workers: int, home: Path) -> None:
        self.log.append(f"start {workers}")

    def stop(self) -> None:
        self.log.append("stop")

    def one(self, function, *arguments):
        return function(*arguments)

    def many(self, function, arguments):
        return [function(argument) for argument in arguments]


def counted(name: str, calls: list[str], unit: str = "s", count: int = 3) -> Probe:
    """Return a probe that notes each sample."""

    def take() -> float:
        calls.append(name)
        return float(len(calls))

    return Probe(name, unit, take, count, "a fake", warmups=1)


def module(*groups: Group) -> SimpleNamespace:
    """Return a module of probes with these groups."""
    return SimpleNamespace(groups=lambda plan: iter(groups))


def group(
    name: str, build: Callable[[dict], Iterator[Probe]] | None = None, calls: list[str] | None = None, **settings
):
    """Return a group of one fake probe a variant."""
    taken = [] if calls is None else calls
    settings.setdefault("workers", 2)
    build = build or (lambda engines: [counted(named(variant, name), taken) for variant in engines])
    return Group(name, build, **settings)


class Bench:
    """A plan, its engines and its journal in a folder."""

    def __init__(self, folder: Path, kinds: dict | None = None, address: str = "") -> None:
        Fake.log = []
        self.folder = folder
        self.said: list[str] = []
        self.kinds = kinds or {"": Fake}
        self.plan = Plan("fake", self.kinds, 2, 2, EFFORTS["quick"], folder, address=address)
        self.checked: list = []

    def run(self, modules: dict, number: int = 1, **settings) -> list[dict]:
        """Take one pass and return the journal's lines."""
        settings.setdefault("canary", lambda: 0.005)
        settings.setdefault("patience", 0.0)
        with journal.opened(self.folder / "fake.journal.jsonl", {"harness": "test"}) as book:
            self.plan.memo = book.memo()
            engines = Engines(self.plan, self.checked.append, self.said.append)
            one = Pass(
                self.plan, number, modules, book, engines, say=self.said.append, **{"others": lambda: 0.0} | settings
            )
            try:
                one.run()
            finally:
                engines.stop()
            self.last = one
            return list(book.lines)
