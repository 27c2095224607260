"""Show two runs or two machines side by side: ``python -m examples.measure compare A B [--agree]``.

*A* and *B* are result files, or folders of results.  The *interval* of a probe is its stated spread
(:func:`examples.measure.spread.stated_interval`): from the least to the largest of the 5th and the 95th percentile of
all samples and the medians of the passes.

``--agree`` asks of two runs on one machine whether they came out the same.  Each run states by its passes how far it
moves by itself.  Two runs *agree* on a probe when their medians differ by no more than that foretells: by Student's t
test on the logarithms of the pass medians, at 95 %.  They also agree when the medians differ by at most 1 %, which is
as fine as the book's two digits tell.  A count must be equal.
Where both runs have a single pass of a probe, because their time was up, or a value of zero, they state no spread: it
is counted and not judged.
By chance alone one probe in twenty disagrees, so two runs agree as a whole when nine of ten judged probes do, and when
at least half of the probes could be judged.
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
from examples.measure.spread import pass_medians, percentile, stated_interval

#: Relative difference of two medians that counts as none: what two digits cannot show.
RESOLUTION = 0.01
#: Level of the test on one probe, and the share of probes that must pass it.
LEVEL, SHARE = 0.95, 0.9
#: Least share of the probes that must state a spread, so that the others say something of the run.
JUDGED_SHARE = 0.5


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
    #: Largest ratio, either way, that both runs' passes foretell; None where they tell nothing.
    within: float | None
    agree: bool

    @property
    def judged(self) -> bool:
        """Whether the runs state by how much they move by themselves; a count does not move."""
        return self.within is not None or not self.unit


def main(arguments: list[str]) -> int:
    """Print the comparison and return the exit status: 0, or with ``--agree`` 1 when too many disagree."""
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
    judged = [row for row in found if row.judged]
    apart = [row for row in judged if not row.agree]
    shown = sorted(apart, key=_distance, reverse=True) if options.agree else found
    print(f"A  {_about(options.a, first)}\nB  {_about(options.b, second)}\n")
    if shown:
        print(table(shown, options.markdown, options.agree))
        print()
    if missing:
        print(f"only in one of the two: {', '.join(missing)}")
    if options.agree:
        print(f"{len(judged) - len(apart)} of {len(judged)} probes agree within their stated spread")
        if len(judged) < len(found):
            print(f"{len(found) - len(judged)} more have a single pass in both runs and state no spread")
        print(
            f"half of the probes differ by at most {far(found, 0.5):.0%}, nine in ten by at most {far(found, 0.9):.0%}"
        )
    else:
        print(f"{sum(row.overlap for row in found)} of {len(found)} intervals overlap")
    if options.json:
        summary = {
            "a": _summary(first),
            "b": _summary(second),
            "probes": len(found),
            "judged": len(judged),
            "agree": len(judged) - len(apart),
            "half": far(found, 0.5),
            "nine in ten": far(found, 0.9),
            "missing": missing,
            # Of two runs that agree mostly, only what does not is of interest.
            "rows": [asdict(row) for row in shown],
        }
        result.write(options.json, summary)
    enough = len(judged) >= JUDGED_SHARE * len(found) and len(apart) <= (1 - SHARE) * len(judged)
    return 1 if options.agree and not enough else 0


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
    ratio = medians[1] / medians[0] if medians[0] else None
    within = permitted(pass_medians(a), pass_medians(b))
    overlap = intervals[0][0] <= intervals[1][1] and intervals[1][0] <= intervals[0][1]
    return Row(
        name,
        a["unit"],
        medians[0],
        intervals[0],
        medians[1],
        intervals[1],
        ratio,
        overlap,
        within,
        agree(medians, within, exact=not a["unit"]),
    )


def permitted(a: list[float], b: list[float]) -> float | None:
    """Return the largest ratio of the medians of *a* and *b*, either way, that chance explains at :data:`LEVEL`.

    *a* and *b* are the medians of the passes of two runs.  None where they are too few or not above zero.
    """
    freedom = len(a) + len(b) - 2
    if not a or not b or freedom < 1 or min(*a, *b) <= 0:
        return None
    from scipy import stats

    logs = [[math.log(value) for value in one] for one in (a, b)]
    squares = sum((value - statistics.fmean(one)) ** 2 for one in logs for value in one)
    error = math.sqrt(squares / freedom * (1 / len(a) + 1 / len(b)))
    return math.exp(float(stats.t.ppf((1 + LEVEL) / 2, freedom)) * error)


def agree(medians: tuple[float, float], within: float | None, exact: bool = False) -> bool:
    """Return whether two runs agree on a probe, as the module's docstring defines it; *exact* for a count."""
    if exact:
        return medians[0] == medians[1]
    if math.isclose(*medians, rel_tol=RESOLUTION):
        return True
    return within is not None and min(medians) > 0 and max(medians) / min(medians) <= within


def far(found: Iterable[Row], share: float) -> float:
    """Return the relative difference that *share* of the rows stay within, in times; 0 where no row has a ratio."""
    ratios = sorted(max(row.ratio, 1 / row.ratio) - 1 for row in found if row.ratio and row.unit)
    return percentile(ratios, 100 * share) if ratios else 0.0


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


def table(found: Iterable[Row], markdown: bool = False, agreement: bool = False) -> str:
    """Return the rows as aligned text, or as a Markdown table; *agreement* shows what ratio the passes foretell."""
    last = "within" if agreement else "overlap"
    head = ("probe", "median A", "interval A", "median B", "interval B", "B/A", last)
    lines = [head, *(_cells(row, agreement) for row in found)]
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


def _cells(row: Row, agreement: bool) -> tuple[str, ...]:
    ratio = "–" if row.ratio is None else f"{row.ratio:.2f}"
    intervals = [
        f"{quantity(low, row.unit)} – {quantity(high, row.unit)}" for low, high in (row.a_interval, row.b_interval)
    ]
    medians = [quantity(value, row.unit) for value in (row.a, row.b)]
    last = "yes" if row.overlap else "no"
    if agreement:
        last = "–" if row.within is None else f"×{row.within:.2f}"
    return (row.probe, medians[0], intervals[0], medians[1], intervals[1], ratio, last)


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
