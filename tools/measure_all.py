"""Measure every system, each in its own environment, pass after pass, and build the reader's own figures.

``tox -e measure`` calls this with the Python that runs tox.
A pass goes round all systems in random order, so that what is compared between systems was taken minutes apart and not
hours.  What was finished stands in each system's journal: after an interruption the same command goes on from there.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from examples.measure.journal import JournalError, drop_noisy
from tools.systems import ROOT, DataError, Subject, System, load_subjects, load_systems

OUTPUT = ROOT / "build" / "measurements"

#: Passes of each effort and its share of samples; ``examples.measure.probe.EFFORTS`` has the same, and a test compares.
PASSES = {"full": 3, "quick": 2}
SHARES = {"full": 1.0, "quick": 0.3}

#: Seconds that a pass of a full run is thought to take before anything is known of a system.
GUESS = 90.0

#: Seconds in which ``--quick`` measures; the rest of its ten minutes is for the figures and for the last group.
QUICK_SECONDS = 520.0

#: Share of them for the first pass: what a first pass leaves, the second has, so the second has the larger part.
FIRST_PASS = 0.55

#: A system may take this many times its expected share of what is left: the guard is for what goes wrong.
LARGEST_SHARE = 2.0

#: Seconds between two lines where the output is no terminal.
HEARTBEAT = 60.0

#: What a reader must see even when all goes well, in the lines that a run prints.
_TOLD = re.compile(r"FAILED|skipped|no time left|cut off|ended a process|stopped:|error:|failed:|measures the cluster")


@dataclass
class Estimate:
    """How long what is left will take, from passes of this run or else from earlier runs, scaled to this machine."""

    #: Seconds of one pass of each system, as far as they are known before this run.
    expected: dict[str, float]
    fallback: float = GUESS
    taken: dict[str, list[float]] = field(default_factory=dict)

    def add(self, system: str, seconds: float) -> None:
        """Note how long a pass of *system* took."""
        self.taken.setdefault(system, []).append(seconds)

    def of(self, system: str) -> float:
        """Return the seconds that a pass of *system* is thought to take."""
        if passes := self.taken.get(system):
            return sum(passes) / len(passes)
        known = [name for name in self.taken if name in self.expected]
        before = sum(self.expected[name] for name in known)
        pace = sum(sum(self.taken[name]) / len(self.taken[name]) for name in known) / before if before else 1.0
        return self.expected.get(system, self.fallback) * pace

    def left(self, queue: Iterable[str], running: str = "", elapsed: float = 0.0) -> float:
        """Return the seconds until *queue* is done and *running*, which began *elapsed* seconds ago."""
        rest = max(0.0, self.of(running) - elapsed) if running else 0.0
        return rest + sum(self.of(system) for system in queue)


def budget(remaining: float, expected: float, expected_later: float) -> float:
    """Return the seconds that a system may take of *remaining*, by what it and those after it are expected to take."""
    share = expected / (expected + expected_later) if expected else 1.0
    return max(1.0, min(remaining, LARGEST_SHARE * remaining * share))


class Screen:
    """One line of progress at a time: rewritten on a terminal, else a line now and then."""

    def __init__(self) -> None:
        self.terminal = sys.stdout.isatty()
        self._last = 0.0
        self._width = 0

    def show(self, text: str, force: bool = False) -> None:
        """Show *text* as the present state."""
        if self.terminal:
            columns = os.get_terminal_size().columns - 1
            print(f"\r{text[:columns]:<{min(self._width, columns)}}", end="", flush=True)
            self._width = len(text)
        elif force or time.monotonic() - self._last > HEARTBEAT:
            print(text, flush=True)
            self._last = time.monotonic()

    def tell(self, text: str) -> None:
        """Print a line that stays."""
        if self.terminal and self._width:
            print("\r" + " " * self._width + "\r", end="")
            self._width = 0
        print(text, flush=True)


class Interrupted(KeyboardInterrupt):
    """SIGTERM or Ctrl-C."""


@dataclass
class Outcome:
    """How one pass of one system ended."""

    code: int
    #: Folder of the machine, empty when nothing was written.
    folder: str = ""
    error: str = ""


def main(arguments: list[str]) -> int:
    """Measure, build the figures and return the exit status."""
    parser = argparse.ArgumentParser(prog="tox -e measure --", description=__doc__.splitlines()[0], allow_abbrev=False)
    parser.add_argument("--system", action="append", default=[], metavar="ID", help="only this system; repeatable")
    parser.add_argument(
        "--probe",
        action="append",
        default=[],
        metavar="NAME",
        help="only these probes: metg, 'payload.in.*'; repeatable",
    )
    parser.add_argument(
        "--quick",
        action="store_true",
        help="all systems in less than ten minutes, the main probes only; not for publication",
    )
    parser.add_argument("--list", action="store_true", help="list systems and probes, and what is measured already")
    parser.add_argument("--fresh", action="store_true", help="start again; old journals are kept as *.old")
    parser.add_argument(
        "--retake",
        action="store_true",
        help="take again the groups that are marked as noisy; the journals as they were are kept as *.old",
    )
    parser.add_argument("--no-book", action="store_true", help="do not build the figures")
    parser.add_argument("--output", type=Path, default=OUTPUT, help="folder of the results and journals")
    parser.add_argument("--tox", metavar="PYTHON", default=sys.executable, help=argparse.SUPPRESS)
    parser.epilog = (
        "What else stands on the line goes to each system's run: --workers, --machine, --note, --dask-address …"
    )
    options, rest = parser.parse_known_args(arguments)
    try:
        subjects = find_subjects()
    except DataError as error:
        parser.error(str(error))
    for name in options.system:
        if name not in subjects:
            parser.error(f"no adapter for system {name!r}; there are {', '.join(subjects)}")
    # A name that is given twice is measured once.
    chosen = list(dict.fromkeys(options.system)) or [
        name for name, subject in subjects.items() if not options.quick or getattr(subject, "compared", True)
    ]
    if options.list:
        print(listing(subjects, options.output))
        return 0
    if options.retake and options.fresh:
        parser.error("--retake goes on with the journals that are there, --fresh starts new ones")
    signal.signal(signal.SIGTERM, _interrupt)
    screen = Screen()
    try:
        if options.retake:
            retake(parser, options.output, chosen, screen)
        return measure(parser, options, chosen, rest, screen)
    except KeyboardInterrupt:
        screen.tell("measure: interrupted; what was finished is kept, and the same command goes on from there")
        return 130


def retake(parser: argparse.ArgumentParser, output: Path, chosen: list[str], screen: Screen) -> None:
    """Take the noisy groups out of the journals of the *chosen* systems, so that the run measures them again."""
    found = {path: name for name in chosen for path in sorted(output.glob(f"*/{name}.journal.jsonl"))}
    if not found:
        parser.error(f"--retake: no journal of {', '.join(chosen)} in {output}")
    for path, name in found.items():
        try:
            dropped = drop_noisy(path)
        except (OSError, JournalError) as error:
            parser.error(f"--retake: {error}")
        if dropped:
            groups = "one noisy group" if len(dropped) == 1 else f"{len(dropped)} noisy groups"
            screen.tell(f"measure: {path.parent.name}/{name}: takes {groups} again")


def find_subjects(root: Path = ROOT) -> dict[str, System | Subject]:
    """Return all that has an adapter, by id; raises :class:`DataError`."""
    known = {**load_subjects(root), **load_systems(root)}
    return {name: known[name] for name in sorted(known) if (known[name].examples / "measure.py").exists()}


def measure(
    parser: argparse.ArgumentParser, options: argparse.Namespace, chosen: list[str], rest: list[str], screen: Screen
) -> int:
    """Take all passes of the *chosen* systems and build the figures; return the exit status."""
    pythons = install(options.tox, chosen, screen)
    failed = {name: "its environment could not be installed" for name in chosen if name not in pythons}
    effort = "quick" if options.quick else "full"
    passes = PASSES[effort]
    common = ["--output", str(options.output), *(["--quick"] if options.quick else []), *rest]
    common += [word for probe in options.probe for word in ("--probe", probe)]
    systems = [name for name in chosen if name in pythons]
    estimate = Estimate(known_seconds(systems, effort, options.output), GUESS * SHARES[effort])
    began, folders, without = time.monotonic(), set(), []
    minutes = estimate.left(systems * passes) / 60
    what = f"{len(systems)} system{'s' if len(systems) != 1 else ''}, {passes} passes"
    guess = "unless probes are left out" if options.probe else "from earlier runs" if estimate.expected else "a guess"
    screen.tell(f"measure: {what}, about {minutes:.0f} min ({guess})")
    for number in range(1, passes + 1):
        queue = random.sample(systems, len(systems))
        while queue:
            system = queue.pop()
            if system in failed or system in without:
                continue
            later = systems * (passes - number)
            extra = ["--pass", str(number)]
            if options.fresh and number == 1:
                extra.append("--fresh")
            if options.quick:
                phase = QUICK_SECONDS * (FIRST_PASS if number == 1 else 1.0)
                left = phase - (time.monotonic() - began)
                if left <= 0:
                    screen.tell(f"measure: no time left for pass {number} of {', '.join([system, *queue])}")
                    break
                extra += ["--budget", f"{budget(left, estimate.of(system), estimate.left(queue)):.0f}"]
            command = [str(pythons[system]), "-m", "examples.measure", "run", system, *common, *extra]
            head = f"measure: pass {number}/{passes}: {system}"
            outcome = take(command, options.output, system, screen, estimate, [*queue, *later], head)
            if outcome.code == 2 and "has no probe" in outcome.error:
                without.append(system)
                continue
            if outcome.code == 2:
                if not outcome.error:
                    screen.tell(f"measure: {system} was refused, see {log_of(options.output, system)}")
                return 2
            if outcome.folder:
                folders.add(outcome.folder)
                if seconds := seconds_of(Path(outcome.folder) / f"{system}.json", number):
                    estimate.add(system, seconds)
            if outcome.code:
                failed[system] = f"exit status {outcome.code}, see {log_of(options.output, system)}"
    if without and len(without) == len(systems):
        parser.error(f"no system has a probe {', '.join(options.probe)}; tox -e measure -- --list names them")
    for system in without:
        screen.tell(f"measure: {system} has no such probe")
    for system, why in failed.items():
        screen.tell(f"measure: {system} FAILED: {why}")
    screen.tell(
        f"measure: measured in {(time.monotonic() - began) / 60:.1f} min: {', '.join(sorted(folders)) or 'nothing'}"
    )
    code = 1 if failed else 0
    if folders and not options.no_book:
        code = build_book(options.tox, sorted(folders)[0], screen) or code
    return code


def install(python: str, chosen: list[str], screen: Screen) -> dict[str, Path]:
    """Install the environments of the *chosen* systems and return the Python of each that there is."""
    screen.tell("measure: installs what is missing")
    names = [f"measure-{system}" for system in chosen]
    tox = [python, "-m", "tox"]
    environment = clean_environment()
    settings = {"cwd": ROOT, "env": environment, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    everything = subprocess.run([*tox, "run", "--notest", "-e", ",".join(names)], **settings)
    if everything.returncode:
        screen.tell(everything.stdout.rstrip())
        # Which of them is it?
        names = [
            name for name in names if not subprocess.run([*tox, "run", "--notest", "-e", name], **settings).returncode
        ]
    if not names:
        return {}
    shown = subprocess.run([*tox, "config", "-e", ",".join(names), "-k", "env_python"], **settings).stdout
    found = re.findall(r"^\[testenv:measure-([\w-]+)\]\s*\nenv_python = (.+)$", shown, re.MULTILINE)
    return {system: Path(path.strip()) for system, path in found}


def clean_environment() -> dict[str, str]:
    """Return the environment without what a tox that runs this has set for itself."""
    return {name: value for name, value in os.environ.items() if not name.startswith("TOX")}


def take(
    command: list[str], output: Path, system: str, screen: Screen, estimate: Estimate, queue: list[str], head: str
) -> Outcome:
    """Run one pass of one system, show its progress, keep what it prints in its log, and return how it ended."""
    log = log_of(output, system)
    log.parent.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    outcome = Outcome(0)
    with log.open("a", encoding="utf8") as kept:
        print(f"$ {shlex.join(command)}", file=kept)
        child = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        with child:
            try:
                screen.show(_state(head, "starts", estimate, queue, system, began), force=True)
                for line in child.stdout:
                    kept.write(line)
                    kept.flush()
                    line = line.strip()
                    if found := re.fullmatch(rf"{re.escape(system)}: wrote (.+)", line):
                        outcome.folder = str(Path(found[1]).parent)
                    elif "has no probe" in line:  # other systems may have it
                        outcome.error = line
                    elif _TOLD.search(line):
                        screen.tell(f"measure: {line}")
                        outcome.error = line
                    elif line.startswith(f"{system}: "):
                        what = re.sub(r"^pass \d+/\d+: ", "", line.removeprefix(f"{system}: "))
                        screen.show(_state(head, what, estimate, queue, system, began))
            except BaseException:
                end(child)  # before Popen's own exit, which waits for it
                raise
    outcome.code = child.returncode
    return outcome


def end(child: subprocess.Popen[str], patience: float = 60.0) -> None:
    """End a run, first so that it can stop its engines."""
    with contextlib.suppress(subprocess.TimeoutExpired, KeyboardInterrupt):
        # A terminal's Ctrl-C has reached it already; a signal to this process alone has not.
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(2)
        if child.poll() is None:
            child.terminate()
            child.wait(patience)
    if child.poll() is None:
        child.kill()
    child.wait()


def _state(head: str, what: str, estimate: Estimate, queue: list[str], system: str, began: float) -> str:
    minutes = estimate.left(queue, system, time.monotonic() - began) / 60
    return (
        f"{head}: {what}, about {minutes:.0f} min left" if minutes >= 1 else f"{head}: {what}, less than a minute left"
    )


def log_of(output: Path, system: str) -> Path:
    """Return the file that keeps what the runs of *system* print."""
    return output / "logs" / f"{system}.log"


def known_seconds(systems: list[str], effort: str, output: Path) -> dict[str, float]:
    """Return the seconds of one pass of each system where a run in *output* or the book tells, scaled to *effort*."""
    found = {}
    for system in systems:
        paths = [*output.glob(f"*/{system}.json"), *(ROOT / "book/_data/measurements").glob(f"*/{system}.json")]
        for path in paths:
            with contextlib.suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
                result = json.loads(path.read_text("utf8"))
                seconds = [one["seconds"] for one in result["background"]["passes"]]
                share = SHARES[effort] / SHARES[result["settings"]["effort"]]
                found[system] = sum(seconds) / len(seconds) * share
                break
    return found


def seconds_of(path: Path, number: int) -> float | None:
    """Return the seconds that pass *number* took, as its result tells, or None."""
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        passes = json.loads(path.read_text("utf8"))["background"]["passes"]
        return next((one["seconds"] for one in passes if one["pass"] == number), None)
    return None


def build_book(python: str, folder: str, screen: Screen) -> int:
    """Build the book with the measurements in *folder* beside the published ones; return the exit status."""
    screen.tell("measure: builds the book with your numbers")
    tox = [python, "-m", "tox"]
    sphinx = ["sphinx-build", "-q", "-b", "html", "-c", ".", "-d", "build/doctrees-measured", "-D"]
    sphinx += [f"ppm_own_measurements={Path(folder).resolve()}", "book", "build/measured"]
    steps = [
        [*tox, "run", "-q", "--notest", "-e", "html"],
        [*tox, "exec", "-q", "-e", "html", "--", "python", "-m", "tools.npm"],
        [*tox, "exec", "-q", "-e", "html", "--", *sphinx],
    ]
    for step in steps:
        done = subprocess.run(
            step, cwd=ROOT, env=clean_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        if done.returncode:
            screen.tell(done.stdout.rstrip())
            screen.tell(f"measure: the book was not built; your numbers are in {folder}")
            return done.returncode
    page = ROOT / "build" / "measured" / "performance-analysis" / "index.html"
    screen.tell(f"measure: your numbers beside the published ones: {page if page.exists() else page.parents[1]}")
    return 0


def listing(subjects: dict[str, System | Subject], output: Path) -> str:
    """Return the systems with what is measured of them, and the groups of probes."""
    rows = []
    for name, subject in subjects.items():
        files = sorted(output.glob(f"*/{name}.json"))
        have = []
        for path in files:
            with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
                result = json.loads(path.read_text("utf8"))
                settings = result["settings"]
                have.append(
                    f"{path.parent.name}: {settings['effort']}, {settings['passes']} passes, {result['date'][:10]}"
                )
        rows.append(f"  {name:24}{subject.name:28}{'; '.join(have) or 'not measured yet'}")
    probes = sorted(
        path.stem for path in (ROOT / "examples/measure/probes").glob("*.py") if "def groups(" in path.read_text("utf8")
    )
    return "\n".join(
        [
            "systems (--system):",
            *rows,
            "probes (--probe), or a pattern such as 'payload.in.*':",
            f"  {', '.join(probes)}",
        ]
    )


def _interrupt(number: int, frame: object) -> NoReturn:
    raise Interrupted


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
