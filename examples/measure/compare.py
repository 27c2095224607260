"""Show two runs or two machines side by side: ``python -m examples.measure compare A B [--agree]``.

*A* and *B* are result files, or folders of results.  The *interval* of a probe is its stated spread
(:func:`examples.measure.spread.stated_interval`): from the least to the largest of the 5th and the 95th percentile of
all samples and the medians of the passes.

``--agree`` asks of two runs on one machine whether each probe came out the same within that spread.
Two runs *agree* on a probe when the median of one lies in the interval of the other, or when the medians differ by at
most 1 %, which is as fine as the book's two digits tell.
That is stricter than intervals that overlap: of two intervals that only touch at their ends, neither foretold the
other's median.  A count must be equal.
"""

from __future__ import annotations

import argparse
import math
import statistics
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from examples.measure import result
from examples.measure.spread import stated_interval

#: Relative difference of two medians that counts as none: what two digits cannot show.
RESOLUTION = 0.01


@dataclass(frozen=True)
class Row:
    """One probe in two results; medians and intervals in *unit*."""

    probe: str
    unit: str
    a: float
    a_interval: tuple[float, float]
    b: float
    b_interval: tuple[float, float]
    #: Median of B divided by that of A; None where A's is zero.
    ratio: float | None
    overlap: bool
    agree: bool


def main(arguments: list[str]) -> int:
    """Print the comparison and return the exit status: 0, or with ``--agree`` 1 when two probes disagree."""
    parser = argparse.ArgumentParser(prog="python -m examples.measure compare", description=__doc__.splitlines()[0])
    parser.add_argument("a", type=Path, metavar="A", help="a result, or a folder of results")
    parser.add_argument("b", type=Path, metavar="B", help="the same of another run or machine")
    parser.add_argument("--agree", action="store_true", help="ask whether two runs on one machine agree")
    parser.add_argument("--markdown", action="store_true", help="print a Markdown table")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the comparison as JSON too")
    options = parser.parse_args(arguments)
    try:
        first, second = result.read_all(options.a), result.read_all(options.b)
    except result.ResultError as error:
        print(f"compare: {error}", file=sys.stderr)
        return 2
    found, missing = rows(first, second)
    if not found:
        print(f"compare: {options.a} and {options.b} share no probe", file=sys.stderr)
        return 2
    machines = [next(iter(results.values()))["machine"]["id"] for results in (first, second)]
    if options.agree and machines[0] != machines[1]:
        print(f"compare: --agree is for two runs on one machine, not {machines[0]} and {machines[1]}", file=sys.stderr)
        return 2
    apart = [row for row in found if not row.agree]
    shown = sorted(apart, key=_distance, reverse=True) if options.agree else found
    print(f"A  {_about(options.a, first)}\nB  {_about(options.b, second)}\n")
    if shown:
        print(table(shown, options.markdown))
        print()
    if missing:
        print(f"only in one of the two: {', '.join(missing)}")
    if options.agree:
        print(f"{len(found) - len(apart)} of {len(found)} probes agree within their stated spread")
    else:
        print(f"{sum(row.overlap for row in found)} of {len(found)} intervals overlap")
    if options.json:
        summary = {
            "a": _summary(first),
            "b": _summary(second),
            "probes": len(found),
            "agree": len(found) - len(apart),
            "apart": [row.probe for row in shown] if options.agree else [row.probe for row in apart],
            "missing": missing,
            "rows": [asdict(row) for row in found],
        }
        result.write(options.json, summary)
    return 1 if options.agree and apart else 0


def rows(first: dict[str, Any], second: dict[str, Any]) -> tuple[list[Row], list[str]]:
    """Return a row for each probe that both have, and what only one has, as ``system:probe``."""
    left, right = _flat(first), _flat(second)
    both = [name for name in left if name in right and left[name]["unit"] == right[name]["unit"]]
    missing = [f"{system} (all of it)" for system in sorted(set(first) ^ set(second))]
    missing += sorted(name for name in set(left) ^ set(right) if name.split(":")[0] in set(first) & set(second))
    return [_row(name, left[name], right[name]) for name in both], missing


def _flat(results: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {f"{system}:{name}": entry for system, one in results.items() for name, entry in one["probes"].items()}


def _row(name: str, a: dict[str, Any], b: dict[str, Any]) -> Row:
    medians = statistics.median(a["samples"]), statistics.median(b["samples"])
    intervals = stated_interval(a), stated_interval(b)
    overlap = intervals[0][0] <= intervals[1][1] and intervals[1][0] <= intervals[0][1]
    return Row(
        name,
        a["unit"],
        medians[0],
        intervals[0],
        medians[1],
        intervals[1],
        medians[1] / medians[0] if medians[0] else None,
        overlap,
        agree(medians, intervals, exact=not a["unit"]),
    )


def agree(medians: tuple[float, float], intervals: tuple[tuple[float, float], ...], exact: bool = False) -> bool:
    """Return whether two runs agree on a probe, as the module's docstring defines it; *exact* for a count."""
    if exact:
        return medians[0] == medians[1]
    if math.isclose(*medians, rel_tol=RESOLUTION):
        return True
    (low_a, high_a), (low_b, high_b) = intervals
    return low_b <= medians[0] <= high_b or low_a <= medians[1] <= high_a


def _distance(row: Row) -> float:
    return abs(math.log(row.ratio)) if row.ratio and row.ratio > 0 else math.inf


def _about(path: Path, results: dict[str, Any]) -> str:
    one = next(iter(results.values()))
    systems = ", ".join(results)
    settings = one.get("settings", {})
    effort = f", {settings['effort']}, {settings['passes']} passes" if "effort" in settings else ""
    return f"{path}: {one['machine']['id']}, {one['date'][:16].replace('T', ' ')} UTC{effort}, {systems}"


def _summary(results: dict[str, Any]) -> dict[str, Any]:
    one = next(iter(results.values()))
    dates = sorted(each["date"] for each in results.values())
    return {
        "machine": one["machine"]["id"],
        "commit": one["commit"],
        "effort": one.get("settings", {}).get("effort", ""),
        "from": dates[0],
        "to": dates[-1],
        "systems": list(results),
    }


def table(found: Iterable[Row], markdown: bool = False) -> str:
    """Return the rows as aligned text, or as a Markdown table."""
    head = ("probe", "median A", "interval A", "median B", "interval B", "B/A", "overlap")
    lines = [head, *(_cells(row) for row in found)]
    if markdown:
        lines = [head, ("---", *("---:" for _ in head[1:])), *lines[1:]]
        return "\n".join(f"| {' | '.join(line)} |" for line in lines)
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            [line[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True))]
        )
        for line in lines
    )


def _cells(row: Row) -> tuple[str, ...]:
    ratio = "–" if row.ratio is None else f"{row.ratio:.2f}"
    intervals = [
        f"{quantity(low, row.unit)} – {quantity(high, row.unit)}" for low, high in (row.a_interval, row.b_interval)
    ]
    medians = [quantity(value, row.unit) for value in (row.a, row.b)]
    return (row.probe, medians[0], intervals[0], medians[1], intervals[1], ratio, "yes" if row.overlap else "no")


def quantity(value: float, unit: str) -> str:
    """Return a value to three digits with a unit that suits it."""
    if unit not in ("s", "B") or not value:
        return f"{value:,.4g} {unit}".rstrip()
    prefixes = (
        [(1.0, ""), (1e-3, "m"), (1e-6, "µ"), (1e-9, "n")] if unit == "s" else [(1e9, "G"), (1e6, "M"), (1e3, "k")]
    )
    factor, prefix = next(
        (pair for pair in prefixes if abs(value) >= pair[0]), (prefixes[-1] if unit == "s" else (1.0, ""))
    )
    scaled = value / factor
    digits = max(0, 2 - math.floor(math.log10(abs(scaled)))) if abs(scaled) < 1000 else 0
    return f"{scaled:,.{digits}f} {prefix}{unit}"
