"""Write a result as a pyperf suite: ``python -m examples.measure export RESULT OUT.json``.

``pyperf compare_to``, ``pyperf stats`` and ``pyperf hist`` work on it: one benchmark a timed probe, one run a pass.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from examples.measure import result
from examples.measure.spread import by_pass

#: pyperf checks the form of metadata that it knows, so only these go in under its names.
_KNOWN = ("platform", "cpu_model_name", "cpu_count", "python_implementation", "python_version", "timer")


def main(arguments: list[str]) -> int:
    """Write the suite, whole or not at all, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m examples.measure export", description=__doc__.splitlines()[0])
    parser.add_argument("result", type=Path, help="a result of the harness")
    parser.add_argument("out", type=Path, help="file to write")
    options = parser.parse_args(arguments)
    try:
        made = suite(result.read(options.result))
    except result.ResultError as error:
        print(f"export: {error}", file=sys.stderr)
        return 2
    except ImportError:
        print("export: needs pyperf: tox -e results -- export …", file=sys.stderr)
        return 2
    options.out.parent.mkdir(parents=True, exist_ok=True)
    partial = options.out.with_suffix(".part")
    try:
        # pyperf compresses by the name's end, and adds nothing to a plain one.
        made.dump(str(partial), replace=True)
        os.replace(partial, options.out)
    finally:
        partial.unlink(missing_ok=True)
    print(f"export: wrote {options.out}, {len(made)} benchmarks")
    return 0


def suite(one: dict[str, Any]) -> Any:
    """Return the :class:`pyperf.BenchmarkSuite` of a result.

    Raises :class:`result.ResultError` where nothing is timed.
    """
    import pyperf

    benchmarks = []
    collected = one["background"].get("metadata", {})
    known = {key: collected[key] for key in _KNOWN if key in collected}
    about = {
        "harness": f"examples.measure {one['harness']}",
        "system": one["system"],
        "machine": one["machine"]["id"],
        "commit": one["commit"] or "unknown",
        **{f"package_{name.replace('-', '_')}": version for name, version in one["packages"].items()},
    }
    for name, entry in one["probes"].items():
        # pyperf knows no time of zero.
        runs = [[value for value in values if value > 0] for values in by_pass(entry)]
        if entry["unit"] != "s" or not any(runs):
            continue
        metadata = known | about | {"name": name, "unit": "second", "loops": 1}
        if entry.get("description"):
            metadata["description"] = entry["description"]
        made = [pyperf.Run(values, metadata=metadata, collect_metadata=False) for values in runs if values]
        benchmarks.append(pyperf.Benchmark(made))
    if not benchmarks:
        raise result.ResultError(f"{one['system']}: no probe of this result is a time")
    return pyperf.BenchmarkSuite(benchmarks)
