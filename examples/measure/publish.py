"""Check results and copy them into the book: ``python -m examples.measure publish FILE…``.

A result is refused, with every reason at once, when a reader could not rely on it or could not find out what ran.

A machine that is never calm, or lent for minutes, yields no result without such a reason.
``--despite WHY`` publishes it all the same: the file then holds WHY and every reason against it (``accepted``), and the
book says both where it describes its machines.
What the form, the commit or the quick effort is at fault for is refused in any case.
"""

from __future__ import annotations

import argparse
import fnmatch
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from examples.measure import result
from examples.measure.probe import EFFORTS
from examples.measure.provenance import ROOT
from examples.measure.run import ONCE
from examples.measure.spread import APART, reproducibility

#: Share of the timed probes of a system that may be marked as noisy.  The book shows the mark beside each such number;
#: more than one in ten means that the machine was not quiet, and the run is to be taken again.
MARKED_SHARE = 0.1

#: The numbers that the book's conclusions rest on, in every variant.  The passes of one in ten of them may lie further
#: apart than :data:`examples.measure.spread.APART`, and of one in any case: some engines are not steady, and the book
#: marks such a number.  More say that the run is not.
CORE = ("task_cost.roundtrip", "task_cost.stream", "startup.first_result", "shared_job.*")
CORE_SHARE = 0.1

SCHEMA = ROOT / "book" / "_data" / "schema" / "measurement.json"


def main(arguments: list[str]) -> int:
    """Check every result, copy all or none, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m examples.measure publish", description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a result, or a folder of results")
    parser.add_argument("--check", action="store_true", help="check only, copy nothing")
    parser.add_argument(
        "--into", type=Path, default=ROOT / "book" / "_data" / "measurements", help="folder of the book"
    )
    parser.add_argument(
        "--despite",
        metavar="WHY",
        help="publish also what is noisy or lacks passes; WHY and the reasons against it stand in the result",
    )
    options = parser.parse_args(arguments)
    if options.despite is not None and not options.despite.strip():
        parser.error("--despite needs a reason")
    try:
        import jsonschema  # noqa: F401 - measuring environments have none
    except ImportError:
        print("publish: needs jsonschema: tox -e results -- publish …", file=sys.stderr)
        return 2
    results, found = [], []
    for path in options.files:
        try:
            results += result.read_all(path).values()
        except result.ResultError as error:
            found.append(str(error))
    for one in results:
        one.pop("accepted", None)  # of an earlier publication
        against = reasons(one)
        if options.despite and against and all(reason.bearable for reason in against):
            one["accepted"] = {"why": options.despite.strip(), "despite": [str(reason) for reason in against]}
            continue
        found += [f"{one['system']}: {reason}" for reason in against]
    if found:
        print(f"publish: refused, {len(found)} reason{'s' if len(found) > 1 else ''}:", file=sys.stderr)
        print("\n".join(f"  {reason}" for reason in found), file=sys.stderr)
        return 1
    for one in results:
        target = options.into / one["machine"]["id"] / f"{one['system']}.json"
        if not options.check:
            result.write(target, one)
        print(f"{one['system']}: {'fit for' if options.check else 'published as'} {target}")
    return 0


class Reason(str):
    """Why a result is refused; *bearable* where a reader who is told of it can still use the numbers."""

    bearable = False


class Bearable(Reason):
    """A reason that ``--despite`` outweighs."""

    bearable = True


def reasons(one: dict[str, Any]) -> list[Reason]:
    """Return every reason why a result cannot be published."""
    wrong = list(_schema_errors(one))
    if wrong:
        return wrong  # what follows relies on the form
    return [*_provenance(one), *_noise(one), *_reproducibility(one)]


def _schema_errors(one: dict[str, Any]) -> Iterator[Reason]:
    import jsonschema

    validator = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text("utf8")))
    for error in validator.iter_errors(one):
        yield Reason(f"{'.'.join(map(str, error.absolute_path)) or 'the file'}: {error.message[:200]}")
    if one.get("schema") != result.SCHEMA:
        yield Reason(f"schema {one.get('schema')} is not {result.SCHEMA}: measure again with this harness")
        return
    for name, entry in one["probes"].items():
        if sum(entry.get("passes", [])) != len(entry.get("samples", [])):
            yield Reason(f"{name}: passes do not sum to the number of samples")


def _provenance(one: dict[str, Any]) -> Iterator[Reason]:
    commit = one["commit"] or ""
    if not commit:
        yield Reason("the commit is not known")
    elif commit.endswith("+"):
        yield Reason(f"commit {commit}: the work tree had changes that are not committed")
    elif not known(commit):
        yield Reason(f"commit {commit} is not in this repository")
    effort, passes = one["settings"]["effort"], one["settings"]["passes"]
    if effort == "quick":
        yield Reason("measured with --quick")
    if passes < EFFORTS[effort].passes:
        yield Bearable(f"only {passes} of {EFFORTS[effort].passes} passes")
    short = [name for name, entry in one["probes"].items() if len(entry["passes"]) < passes and not taken_once(name)]
    if short:
        yield Bearable(f"not in every pass: {', '.join(short)}")
    if not any((ROOT / "book" / "_data" / kind / f"{one['system']}.toml").exists() for kind in ("systems", "measured")):
        yield Reason("the book has no such system")


def taken_once(name: str) -> bool:
    """Return whether the first pass alone takes the probe *name*."""
    return any(part in ONCE for part in name.split("."))


def known(commit: str) -> bool:
    """Return whether this repository holds *commit*."""
    command = ["git", "cat-file", "-e", f"{commit}^{{commit}}"]
    return subprocess.run(command, cwd=ROOT, capture_output=True).returncode == 0


def _noise(one: dict[str, Any]) -> Iterator[Reason]:
    timed = {name: entry["noise"] for name, entry in one["probes"].items() if "noise" in entry}
    marked = [name for name, noise in timed.items() if noise.get("marked")]
    if timed and len(marked) > MARKED_SHARE * len(timed):
        yield Bearable(
            f"{len(marked)} of {len(timed)} timed probes are marked as noisy, more than {MARKED_SHARE:.0%}: "
            f"{', '.join(marked)}"
        )


def _reproducibility(one: dict[str, Any]) -> Iterator[Reason]:
    core = {
        name: reproducibility(entry)
        for name, entry in one["probes"].items()
        if any(fnmatch.fnmatchcase(name, pattern) or fnmatch.fnmatchcase(name, f"*.{pattern}") for pattern in CORE)
    }
    apart = {name: spread for name, spread in core.items() if spread > APART}
    if len(apart) > max(1, CORE_SHARE * len(core)):
        names = ", ".join(f"{name} by {spread:.0%}" for name, spread in apart.items())
        yield Bearable(
            f"medians of passes lie further apart than {APART:.0%} of the median in {len(apart)} of {len(core)} core "
            f"probes: {names}"
        )
