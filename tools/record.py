"""pytest plugin: record what ran for a system and compare it with the committed evidence.

``--system ray`` names the system.  The run writes ``build/doctest/ray.json`` and ends with a test that compares it with
``book/_data/evidence/ray.json``; ``--update-evidence`` rewrites that file instead.
"""

from __future__ import annotations

import datetime
import importlib.metadata
import json
import platform
import re
import time
from pathlib import Path

import pytest

from tools.systems import GENERAL, ROOT, System, load_chapters, load_systems

OUTPUT = ROOT / "build" / "doctest"

#: A skip whose reason names a version of Python: what it skips runs on another interpreter.
VERSION_GUARD = re.compile(r"\b3\.1\d\b")


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("book", "Parallel Python, Measured")
    group.addoption("--system", metavar="ID", help="record this run as the evidence of the system ID")
    group.addoption("--update-evidence", action="store_true", help="rewrite the system's committed evidence record")
    group.addoption("--check-tree", action="store_true", help="a page that adds files to the working tree fails")


def pytest_configure(config: pytest.Config) -> None:
    identifier = config.getoption("--system")
    if identifier is None:
        if config.getoption("--update-evidence"):
            raise pytest.UsageError("--update-evidence needs --system ID; use tox -e doctest-ID -- --update-evidence")
        return
    known = [*load_chapters(), GENERAL]
    if identifier not in known:
        raise pytest.UsageError(f"--system {identifier}: no such system; there are: {', '.join(known)}")
    config.pluginmanager.register(Recorder(config, identifier), "book-recorder")


class Recorder:
    """Collect the outcome of every example and test of one system."""

    def __init__(self, config: pytest.Config, identifier: str) -> None:
        self.config = config
        self.id = identifier
        #: Only systems have a committed record.
        self.system: System | None = load_systems().get(identifier)
        self.outcomes: dict[pytest.Item, tuple[str, str]] = {}
        self.started = time.monotonic()
        self.complete = not (
            config.option.keyword or config.option.markexpr or config.option.lf or config.option.maxfail
        )

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, session: pytest.Session, items: list[pytest.Item]) -> None:
        if self.system is not None and self.complete:
            items.append(RecordItem.from_parent(session, name=f"evidence of {self.id}", recorder=self))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo):
        report = yield
        if report.failed:
            self.outcomes[item] = ("failed", "")
        elif report.skipped and self.outcomes.get(item, ("",))[0] != "failed":
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
            self.outcomes[item] = ("skipped", reason.removeprefix("Skipped: "))
        elif report.when == "call":
            self.outcomes[item] = ("passed", "")
        return report

    @property
    def failures(self) -> int:
        return sum(outcome == "failed" for outcome, _ in self.outcomes.values())

    def make_record(self) -> dict:
        """Return the evidence of this run in the shape of the committed records, less ``date``."""
        pages: dict[str, dict] = {}
        tests = {"passed": 0, "skipped": []}
        for item, (outcome, reason) in self.outcomes.items():
            section = getattr(item, "section", None)
            if isinstance(item, RecordItem):
                continue
            if section is None:
                if outcome == "skipped":
                    tests["skipped"].append({"name": _name(item), "reason": reason})
                tests["passed"] += outcome == "passed"
            else:
                page = pages.setdefault(item.path.relative_to(ROOT).as_posix(), {})
                counts = page.setdefault(section, {"passed": 0, "skipped": []})
                if outcome == "skipped":
                    counts["skipped"].append({"reason": reason})
                counts["passed"] += outcome == "passed"
        return {
            "system": self.id,
            "distribution": self.system.distribution if self.system else "",
            "version": find_version(self.system) if self.system else "",
            "python": [".".join(platform.python_version_tuple()[:2])],
            "pages": pages,
            "tests": tests,
        }

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        result = self.make_record()
        result["failed"] = self.failures + (session.testsfailed > 0 and not self.failures)
        result["seconds"] = round(time.monotonic() - self.started, 1)
        OUTPUT.mkdir(parents=True, exist_ok=True)
        write_json(OUTPUT / f"{self.id}.json", result)


class RecordItem(pytest.Item):
    """The last test of a system's run: its evidence equals the committed record."""

    def __init__(self, *, recorder: Recorder, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.recorder = recorder

    def runtest(self) -> None:
        if self.recorder.failures:
            pytest.skip("nothing to compare: an example failed")
        system, new = self.recorder.system, self.recorder.make_record()
        if new["version"] != system.version:
            path = f"book/_data/systems/{system.id}.toml"
            raise RecordError(f"{system.name} {new['version']} ran; {path} says version {system.version!r}")
        old = json.loads(system.record.read_text("utf8")) if system.record.exists() else None
        if self.config.getoption("--update-evidence"):
            system.record.parent.mkdir(parents=True, exist_ok=True)
            if (updated := update_record(old, new)) != old:
                write_json(system.record, updated)
            return
        command = f"tox -e doctest-{system.id} -- --update-evidence"
        path = system.record.relative_to(ROOT)
        if old is None:
            raise RecordError(f"{path}: missing; read what ran above, then write it with: {command}")
        if differences := compare_records(old, new):
            lines = "\n  ".join(differences)
            raise RecordError(f"{path} differs from this run:\n  {lines}\nIf the run is right: {command}")

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None):
        if isinstance(excinfo.value, RecordError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self.recorder.system.record, None, self.name


class RecordError(AssertionError):
    """The committed evidence is not what ran."""


def find_version(system: System) -> str:
    """Return the version installed here, or for what PyPI does not carry the version that the data names."""
    if system.distribution in ("stdlib", "service"):
        return system.version
    try:
        return importlib.metadata.version(system.distribution)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def compare_records(old: dict, new: dict) -> list[str]:
    """Return what differs, one line each; dates and interpreters do not count, nor whether a version guard skipped."""
    old_facts, new_facts = _flatten(old), _flatten(new)
    return [
        f"{key}: recorded {old_facts.get(key, 'nothing')}, ran {new_facts.get(key, 'nothing')}"
        for key in sorted(old_facts | new_facts)
        if old_facts.get(key) != new_facts.get(key)
    ]


def update_record(old: dict | None, new: dict) -> dict:
    """Return the record to commit: *new*, with the interpreters of *old* and its date where nothing changed.

    Of two interpreters the counts are those of the one that ran more.
    """
    same = old is not None and not compare_records(old, new)
    python = sorted(
        {*(old["python"] if same else []), *new["python"]}, key=lambda text: tuple(map(int, text.split(".")))
    )
    if same and _passed(old) > _passed(new):
        new = new | {"pages": old["pages"], "tests": old["tests"]}
    date = old["date"] if same and python == old["python"] else datetime.date.today().isoformat()
    return {
        "system": new["system"],
        "distribution": new["distribution"],
        "version": new["version"],
        "python": python,
        "date": date,
        "pages": new["pages"],
        "tests": new["tests"],
    }


def write_json(path: Path, value: dict) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", "utf8")


def _flatten(record: dict) -> dict[str, str]:
    facts = {key: record.get(key, "") for key in ("system", "distribution", "version")}
    sections = {
        f"{page} {section or '(before the first label)'}": counts
        for page, found in record.get("pages", {}).items()
        for section, counts in found.items()
    }
    for where, counts in {**sections, "tests": record.get("tests", {"passed": 0, "skipped": []})}.items():
        guarded = [skip for skip in counts["skipped"] if VERSION_GUARD.search(skip["reason"])]
        rest = [skip for skip in counts["skipped"] if skip not in guarded]
        skipped = [": ".join(filter(None, [skip.get("name"), skip["reason"]])) for skip in rest]
        facts[where] = f"{counts['passed'] + len(guarded)} passed, skipped {skipped}"
    return facts


def _passed(record: dict) -> int:
    sections = [counts for page in record["pages"].values() for counts in page.values()]
    return sum(counts["passed"] for counts in [*sections, record["tests"]])


def _name(item: pytest.Item) -> str:
    return item.nodeid.removeprefix("tests/examples/")
