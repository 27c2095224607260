"""Measure one system: ``python -m examples.measure joblib [--variant NAME] [--scale 0.1] [--output FOLDER]``."""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from examples.measure import HARNESS_VERSION, provenance, weight
from examples.measure.adapter import Adapter, variants
from examples.measure.probes import Probe, check, probes

ROOT = provenance.ROOT


def main(arguments: list[str] | None = None) -> int:
    """Measure, write the result file atomically and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m examples.measure", description="Measure one system of the book.")
    parser.add_argument("system", help="id of the system, for example joblib")
    parser.add_argument("--workers", type=int, default=2, help="workers of the engine (default: 2)")
    parser.add_argument("--scale", type=float, default=1.0, help="share of the full number of samples (default: 1)")
    parser.add_argument("--machine", default=provenance.machine_id(), help="name of this machine in the result")
    parser.add_argument("--note", default="", help="what a reader must know of this machine")
    parser.add_argument("--output", type=Path, default=ROOT / "build" / "measurements", help="folder of the results")
    options = parser.parse_args(arguments)
    if options.workers < 1 or not 0 < options.scale <= 1:
        parser.error("--workers must be at least 1 and --scale in (0, 1]")
    try:
        found = variants(options.system)
    except LookupError as error:
        parser.error(str(error))
    default = found[""]
    result = {
        "schema": 1,
        "system": options.system,
        "machine": provenance.machine(options.machine, options.note),
        "python": provenance.interpreter(),
        "packages": provenance.packages(default.packages),
        "commit": provenance.commit(),
        "date": provenance.now(),
        "harness": HARNESS_VERSION,
        "settings": {"workers": options.workers, "scale": options.scale},
        "background": {"loadavg": provenance.load()},
        "probes": measure(options.system, found, options.workers, options.scale),
    }
    target = options.output / options.machine / f"{options.system}.json"
    write(target, result)
    print(f"{options.system}: wrote {target}")
    return 0


def measure(system: str, found: dict[str, type[Adapter]], workers: int, scale: float) -> dict[str, Any]:
    """Run every probe over every variant and return the samples by probe name.

    Variants of one probe are interleaved in random order, so that a change of the machine's load meets all alike.
    """
    results = _weight(found[""]) | _startup(system, found, workers, scale)
    with tempfile.TemporaryDirectory(prefix="ppm-") as home:
        started: dict[str, Adapter] = {}
        try:
            for variant, kind in found.items():
                _progress(system, f"starting {variant or 'the default'}")
                started[variant] = kind()
                started[variant].start(workers, Path(home))
                check(started[variant])
            groups: dict[str, dict[str, Probe]] = {}
            for variant, adapter in started.items():
                for probe in probes(adapter, workers, scale):
                    alone = probe.name == "memory.worker" and len(started) > 1  # read below, without the others
                    if not alone and (probe.every_variant or not variant):
                        group = groups.setdefault(probe.group or probe.name.split(".")[0], {})
                        group[_name(variant, probe.name)] = probe
            for name, chosen in groups.items():
                _progress(system, name)
                results |= _interleave(chosen)
        finally:
            for adapter in started.values():
                adapter.stop()
        if len(found) > 1:
            _progress(system, "memory.worker")
            adapter = found[""]()
            adapter.start(workers, Path(home))
            try:
                check(adapter)
                name = "memory.worker"
                results |= _interleave({name: next(p for p in probes(adapter, workers, scale) if p.name == name)})
            finally:
                adapter.stop()
    return results


def _interleave(chosen: dict[str, Probe]) -> dict[str, Any]:
    """Take the samples of probes that are compared, by name, in turn and in random order."""
    samples: dict[str, list[float]] = {name: [] for name in chosen}
    for probe in chosen.values():
        for _ in range(probe.warmups):
            probe.take()
    while due := [name for name, probe in chosen.items() if len(samples[name]) < probe.count]:
        random.shuffle(due)
        for name in due:
            samples[name].append(chosen[name].take())
    return {name: _entry(probe, samples[name]) for name, probe in chosen.items()}


def _entry(probe: Probe, samples: list[float]) -> dict[str, Any]:
    entry = {"unit": probe.unit, "samples": samples, "warmups": probe.warmups, "description": probe.description}
    return entry | ({"parameters": probe.parameters} if probe.parameters else {})


def _name(variant: str, probe: str) -> str:
    return f"{variant}.{probe}" if variant else probe


def _weight(adapter: type[Adapter]) -> dict[str, Any]:
    names = weight.closure(adapter.packages)
    count, size = len(names), weight.installed_bytes(names)
    return {
        "weight.packages": _fact("", count, "distributions installed, itself included"),
        "weight.installed": _fact("B", size, "bytes installed, no bytecode"),
    }


def _fact(unit: str, value: int, description: str) -> dict[str, Any]:
    return {"unit": unit, "samples": [value], "warmups": 0, "description": description}


def _startup(system: str, found: dict[str, type[Adapter]], workers: int, scale: float) -> dict[str, Any]:
    """Time fresh interpreters, variants in turn; the first round warms the file cache and is thrown away."""
    samples: dict[str, dict[str, list[float]]] = {variant: {} for variant in found}
    rounds = max(3, round(7 * scale))
    for turn in range(rounds + 1):
        _progress(system, f"startup {turn}/{rounds}")
        for variant in random.sample(list(found), len(found)):
            for name, value in _cold(system, variant, workers).items():
                if turn:
                    samples[variant].setdefault(name, []).append(value)
    descriptions = {
        "import": "import of the package in a fresh interpreter",
        "start": "from the import to an engine that is ready, or says it is",
        "first_task": "first task on the started engine",
        "first_result": "from starting an interpreter to the first result",
    }
    return {
        _name(variant, f"startup.{name}"): {
            "unit": "s",
            "samples": values,
            "warmups": 1,
            "description": descriptions[name],
            "parameters": {"workers": workers},
        }
        for variant, by_name in samples.items()
        for name, values in by_name.items()
    }


def _cold(system: str, variant: str, workers: int) -> dict[str, float]:
    """Return the seconds of one cold start; the child's clock gives the parts, ours the whole."""
    with tempfile.TemporaryDirectory(prefix="ppm-") as home:
        command = [sys.executable, "-m", "examples.measure.cold", system, variant, str(workers), home]
        began = time.perf_counter()
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
            line = next((line for line in child.stdout if line.startswith("{")), "")
            whole = time.perf_counter() - began
            child.stdout.read()
        if child.returncode or not line:
            raise SystemExit(f"examples.measure: {system} {variant or 'default'} failed in a fresh interpreter")
    return json.loads(line) | {"first_result": whole}


def write(target: Path, result: dict[str, Any]) -> None:
    """Write *result* as JSON, whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".part")
    text = json.dumps(result, indent=1, ensure_ascii=False)
    # One line for each list of samples keeps the file readable and its changes reviewable.
    partial.write_text(_join_numbers(text) + "\n", "utf8")
    os.replace(partial, target)


def _join_numbers(text: str) -> str:
    return re.sub(r"\[\s+([-\d.e+,\s]+?)\s+\]", lambda match: "[" + re.sub(r"\s+", " ", match[1]) + "]", text)


def _progress(system: str, what: str) -> None:
    print(f"{system}: {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
