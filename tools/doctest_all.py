"""Run every system's examples, each in its own tox environment, and show one table.

``tox -e doctest`` calls this with the Python that runs tox.  Systems run side by side as far as cores and free memory
allow; what each prints goes to ``build/doctest/<id>.log`` and is shown when it fails.

``--part`` and ``--system`` run some, ``--python 3.13`` on another interpreter, ``--python others`` on every other one
of :data:`PYTHONS` that is found, and ``--repeat`` several times in a row, to see whether anything is left to chance.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from tools.systems import GENERAL, ROOT, Subject, System, load_chapters

OUTPUT = ROOT / "build" / "doctest"

#: Memory that a local engine may take with its workers; Ray and Spark are the largest.
GIBIBYTES_EACH = 4

#: Interpreters that ``--python others`` looks for; tox has an environment of each system for each of them.
PYTHONS = ("3.11", "3.12", "3.13", "3.14")

#: Seconds between two lines that say what still runs.
HEARTBEAT = 30


@dataclass
class Result:
    """What one system's run gave."""

    id: str
    code: int
    seconds: float
    record: dict = field(default_factory=dict)
    #: ``3.13``, or empty for the Python that runs tox.
    python: str = ""

    @property
    def name(self) -> str:
        """What the table calls it."""
        return f"{self.id}, Python {self.python}" if self.python else self.id

    @property
    def passed(self) -> int:
        return self.examples + self.record.get("tests", {}).get("passed", 0)

    @property
    def examples(self) -> int:
        sections = (section for page in self.record.get("pages", {}).values() for section in page.values())
        return sum(section["passed"] for section in sections)

    @property
    def failed(self) -> int:
        return max(self.record.get("failed", 0), int(self.code != 0))

    @property
    def skips(self) -> list[str]:
        """The reason of each skipped example and test."""
        sections = [section for page in self.record.get("pages", {}).values() for section in page.values()]
        sections.append(self.record.get("tests", {"skipped": []}))
        return [skip["reason"] for section in sections for skip in section["skipped"]]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="tox -e doctest --", description=__doc__.splitlines()[0])
    parser.add_argument("--tox", metavar="PYTHON", default=sys.executable, help=argparse.SUPPRESS)
    parser.add_argument("--jobs", type=int, help="systems to run side by side (default: by cores and free memory)")
    parser.add_argument("--part", action="append", default=[], help="only the systems of this part; repeatable")
    parser.add_argument("--system", action="append", default=[], metavar="ID", help="only this system; repeatable")
    parser.add_argument(
        "--python", action="append", default=[], metavar="3.X", help="another interpreter, or 'others'; repeatable"
    )
    parser.add_argument("--repeat", type=int, default=1, metavar="N", help="run all of it N times in a row")
    parser.add_argument("pytest", nargs="*", help="arguments for pytest, such as --update-evidence")
    options, rest = parser.parse_known_args(arguments)
    try:
        ids = choose_systems(load_chapters(), options.part, options.system)
        pythons = choose_pythons(options.python, options.tox)
    except ValueError as error:
        parser.error(str(error))
    if not pythons:
        print("doctest: no other interpreter was found")
        return 0
    jobs = options.jobs or choose_jobs(len(ids), os.cpu_count() or 1, find_free_memory())
    rest = [*options.pytest, *rest]
    if os.environ.get("CI"):
        rest.append("--check-tree")
    on = "".join(f", Python {python}" for python in pythons if python)
    print(f"doctest: {len(ids)} environments, {jobs} at a time{on}", flush=True)
    OUTPUT.mkdir(parents=True, exist_ok=True)
    running = Running()
    heartbeat = threading.Thread(target=running.report, daemon=True)
    heartbeat.start()
    every = []
    for number in range(1, options.repeat + 1):
        results = []
        for python in pythons:
            # One interpreter after the other: the runs of a system on two of them would write the same record.
            results += run_systems(ids, python, options.tox, rest, running, jobs)
        for result in results:
            if result.code:
                print(f"\n{f' {result.name} failed: build/doctest/{result.id}.log ':=^100}")
                print((OUTPUT / f"{result.id}.log").read_text("utf8", errors="replace").rstrip())
        print("\n" + make_table(results))
        every += results
        if options.repeat > 1:
            bad = sum(bool(result.code) for result in every)
            print(f"\ndoctest: run {number} of {options.repeat}; {bad} of {len(every)} so far failed", flush=True)
    failed = sum(result.failed for result in every)
    skipped = sum(len(result.skips) for result in every)
    print(f"\n{sum(result.passed for result in every)} passed, {failed} failed, {skipped} skipped", flush=True)
    return 1 if any(result.code for result in every) else 0


def choose_systems(systems: dict[str, System | Subject], parts: list[str], named: list[str]) -> list[str]:
    """Return the ids to run: all, or those of *parts* and those *named*.

    Raises :class:`ValueError` for a part or a system that is not there.
    """
    known = {system.part for system in systems.values()}
    if unknown := [part for part in parts if part not in known]:
        raise ValueError(f"no part {unknown[0]!r} has systems; there are: {', '.join(sorted(known))}")
    if unknown := [name for name in named if name not in {*systems, GENERAL}]:
        raise ValueError(f"no system {unknown[0]!r}; there are: {', '.join(systems)}, {GENERAL}")
    if not parts and not named:
        return [*systems, GENERAL]
    return [name for name in (*systems, GENERAL) if name in named or name in systems and systems[name].part in parts]


def choose_pythons(asked: list[str], tox: str) -> list[str]:
    """Return the interpreters to run on, empty text for the one that runs tox; an empty list when none is found.

    *asked* holds versions and ``others``; *tox* is the Python that has uv.
    Raises :class:`ValueError` for a version that tox has no environment for.
    """
    if unknown := [version for version in asked if version not in {*PYTHONS, "others"}]:
        raise ValueError(f"--python takes {', '.join(PYTHONS)} or 'others', not {unknown[0]!r}")
    if "others" not in asked:
        return asked or [""]
    own = ".".join(platform.python_version_tuple()[:2])
    return [version for version in PYTHONS if version != own and find_python(version, tox)]


def find_python(version: str, tox: str) -> str | None:
    """Return the path of an installed interpreter, or None."""
    command = [tox, "-m", "uv", "python", "find", version, "--python-preference", "system", "--no-python-downloads"]
    found = subprocess.run([*command, "--no-project"], capture_output=True, text=True, cwd="/")
    return found.stdout.strip() if found.returncode == 0 else None


def run_systems(
    ids: list[str], version: str, python: str, arguments: list[str], running: Running, jobs: int
) -> list[Result]:
    """Run the systems side by side on the interpreter of *version* and return their results in order."""
    with ThreadPoolExecutor(jobs) as pool:
        futures = [pool.submit(run_system, python, identifier, arguments, running, version) for identifier in ids]
        try:
            return [future.result() for future in futures]
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


class Running:
    """The systems that run at the moment, told every :data:`HEARTBEAT` seconds."""

    def __init__(self) -> None:
        self.since: dict[str, float] = {}

    def report(self) -> None:
        while True:
            time.sleep(HEARTBEAT)
            now = time.monotonic()
            if lines := [f"{name} ({now - since:.0f} s)" for name, since in list(self.since.items())]:
                print(f"doctest: still running: {', '.join(lines)}", flush=True)


def run_system(python: str, identifier: str, arguments: list[str], running: Running, version: str = "") -> Result:
    """Run ``tox -e doctest-<identifier>`` on the interpreter of *version* with its output in a log."""
    record, log = OUTPUT / f"{identifier}.json", OUTPUT / f"{identifier}.log"
    record.unlink(missing_ok=True)
    print(f"doctest: {identifier} starts", flush=True)
    started = running.since[identifier] = time.monotonic()
    factor = f"-py{version.replace('.', '')}" if version else ""
    command = [python, "-m", "tox", "run", "-e", f"doctest-{identifier}{factor}", "--", *arguments]
    with log.open("wb") as output:
        code = subprocess.run(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT).returncode
    del running.since[identifier]
    found = json.loads(record.read_text("utf8")) if record.exists() else {}
    result = Result(identifier, code, time.monotonic() - started, found, version)
    outcome = f"FAILED, {result.failed} failed" if code else "passed"
    print(f"doctest: {result.name} {outcome}, {result.passed} passed, {result.seconds:.0f} s", flush=True)
    return result


def choose_jobs(systems: int, cores: int, free: float | None) -> int:
    """Return how many systems to run at a time; *free* is in GiB, None when it is not known."""
    by_memory = systems if free is None else int(free // GIBIBYTES_EACH)
    return max(1, min(systems, cores, by_memory))


def find_free_memory() -> float | None:
    """Return the GiB that new processes may take, within the container's limit, or None where nobody says."""
    found = []
    try:
        lines = dict(line.split(":") for line in Path("/proc/meminfo").read_text().splitlines())
        found.append(int(lines["MemAvailable"].split()[0]) / 2**20)
        group = Path("/sys/fs/cgroup")
        limit, used = (group / "memory.max").read_text().strip(), (group / "memory.current").read_text()
        if limit != "max":
            found.append((int(limit) - int(used)) / 2**30)
    except (OSError, KeyError, ValueError):
        pass
    return min(found, default=None)


def make_table(results: list[Result]) -> str:
    """Return the closing table; the reasons of skips stand below their system."""
    rows = [("system", "version", "examples", "tests", "failed", "skipped", "time")]
    reasons: dict[int, list[str]] = {}
    for result in results:
        reasons[len(rows)] = [f"    skipped {n} × {reason}" for reason, n in Counter(result.skips).items()]
        tests = result.record.get("tests", {}).get("passed", 0)
        counts = (result.examples, tests, result.failed, len(result.skips))
        rows.append((result.name, result.record.get("version") or "–", *map(str, counts), f"{result.seconds:.0f} s"))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for number, row in enumerate(rows):
        cells = [
            cell.ljust(width) if place < 2 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines += ["  ".join(cells).rstrip(), *reasons.get(number, [])]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
