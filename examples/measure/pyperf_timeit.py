"""Run ``pyperf timeit`` as a reader would type it, and read its JSON."""

from __future__ import annotations

import os
import shlex
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

#: Root of the repository: the working folder of the tool, so that statements can import ``examples``.
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Timeit:
    """One command of ``pyperf timeit``.

    The tool runs *setup*, *loops* times *statement*, and *teardown*; that gives one value, the mean seconds of a loop.
    It does so *warmups* times for nothing and *values* times for a value, all in one new interpreter.
    *operations* is how many operations one loop contains.
    """

    statement: str
    loops: int
    setup: tuple[str, ...] = ()
    teardown: str = ""
    values: int = 3
    warmups: int = 1
    operations: int = 1

    def arguments(self) -> list[str]:
        """Return the arguments after ``python``."""
        options = ["-p", "1", "-w", self.warmups, "-n", self.values, "-l", self.loops]
        if self.operations > 1:
            options += ["--inner-loops", self.operations]
        # The environment decides where engines put their files.
        options += ["--copy-env", "--quiet"]
        for line in self.setup:
            options += ["-s", line]
        if self.teardown:
            options += ["--teardown", self.teardown]
        return ["-m", "pyperf", "timeit", *map(str, options), self.statement]

    def command(self) -> str:
        """Return the command line for the record."""
        return shlex.join(["python", *self.arguments()])

    def seconds(self, home: Path) -> float:
        """Run the command, with its files under *home*, and return the median of its values: seconds an operation.

        Raises :class:`RuntimeError` with the tool's own last words when it fails.
        """
        import pyperf

        # Workers that end a moment after the tool may still remove files of theirs.
        with tempfile.TemporaryDirectory(dir=home, prefix="pyperf-", ignore_cleanup_errors=True) as folder:
            output = Path(folder) / "timeit.json"
            arguments = self.arguments()
            command = [sys.executable, *arguments[:3], "-o", str(output), *arguments[3:]]
            environment = os.environ | {"TMPDIR": folder}
            done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
            if done.returncode or not output.exists():
                raise RuntimeError(f"{self.command()} failed: {_reason(done.stderr or done.stdout)}")
            return statistics.median(pyperf.Benchmark.load(str(output)).get_values())


def _reason(said: str) -> str:
    """Return the error of the statement, which stands before that of the tool about its own child."""
    lines = [line for line in said.splitlines() if line[:1].strip() and not line.startswith("Traceback")]
    own = [line for line in lines if "failed with exit code" not in line]
    return (own or lines or ["no message"])[-1]
