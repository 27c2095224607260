"""A small, valid register for the tests: one system with facts, a bibliography and measurements."""

from __future__ import annotations

import json
from random import Random

SYSTEM = """\
id = "ray"
name = "Ray"
part = "distributed-computing-frameworks"
order = 2
distribution = "ray"
version = "2.60.0"
released = 2026-10-01
license = "Apache-2.0"
homepage = "https://docs.ray.io/"
repository = "https://github.com/ray-project/ray"
summary = "Tasks, `actors` and an object store."
aliases = ["Ray"]

[card]
runs-on = "one machine or a cluster"
unit-of-work = "task or `actor` method"
use-when = "workers must hold state"
avoid-when = "one process is enough"

[facts.max-retries]
label = "Retries when a worker dies"
value = 3
unit = "retries"
source = "ray-faults"
locator = "Task fault tolerance"
version = "2.60.0"
checked = 2026-11-23
review_by = 2027-05-23

[facts.max-nodes]
label = "Largest cluster tested"
value = "unknown"
reason = "the documentation names no limit"
version = "2.60.0"
checked = 2026-11-23
review_by = 2027-05-23
"""

BIB = """\
@misc{ray-faults,
  title = {Task Fault Tolerance},
  author = {{Ray team}},
  year = {2026},
  url = {https://docs.ray.io/faults.html},
}
"""


def system(identifier: str, **changes: str) -> str:
    """Return the TOML of another system without facts."""
    text = (
        SYSTEM.partition("[facts.")[0].replace('"ray"', f'"{identifier}"').replace('"Ray"', f'"{identifier.title()}"')
    )
    for old, new in changes.items():
        text = text.replace(old, new)
    return text


def measurement(system_id: str = "ray", machine: str = "vm-2core", scale: float = 1.0, **probes: dict) -> str:
    """Return the JSON of a measurement; *probes* are added (``a__b`` stands for ``a.b``)."""
    seconds = {
        "startup.first_result": [4.0, 4.1, 4.2],
        "task_cost.roundtrip": [0.0004, 0.0005, 0.0006],
        "task_cost.stream": [0.0001] * 3,
        "threading.task_cost.stream": [0.00002] * 3,
    }
    found = {name: {"unit": "s", "samples": [value * scale for value in values]} for name, values in seconds.items()}
    found["task_cost.roundtrip"]["description"] = "one empty task"
    for name, size in (("1kB", 1000), ("1MB", 1_000_000)):
        samples = [0.001 * scale, 0.002 * scale]
        found[f"payload.in.{name}"] = {"unit": "s", "samples": samples, "parameters": {"bytes": size}}
    found["memory.loaded"] = {"unit": "B", "samples": [90_000_000]}
    found["weight.packages"] = {"unit": "", "samples": [12], "warmups": 0, "description": "distributions installed"}
    found |= {name.replace("__", "."): entry for name, entry in probes.items()}
    return json.dumps(
        {
            "schema": 2,
            "system": system_id,
            "machine": {
                "id": machine,
                "cpu": "AMD EPYC",
                "cores": 2,
                "memory_bytes": 8_000_000_000,
                "os": "Debian",
                "kernel": "6.1",
                "container": {"cpu.max": "200000 100000"},
                "note": "",
            },
            "python": {"version": "3.11.7", "implementation": "CPython", "gil": True, "free_threaded_build": False},
            "packages": {"ray": "2.60.0"},
            "commit": "abc",
            "date": "2026-11-23T22:00:00Z",
            "harness": "1",
            "settings": {"effort": "full", "passes": 3, "workers": 2},
            "background": {"loadavg": [0.1, 0.1, 0.1], "passes": []},
            "probes": found,
        },
        indent=1,
    )


def book(page: str, **files: str) -> dict[str, str]:
    """Return the files of a book with one page and this register."""
    return {
        "index.md": page,
        "_data/systems/ray.toml": SYSTEM,
        "_data/sources/ray.bib": BIB,
        "_data/measurements/vm-2core/ray.json": measurement(),
    } | files


def subject(identifier: str, order: int = 1, **changes: str) -> str:
    """Return the TOML of something measured that has no chapter."""
    text = (
        f'id = "{identifier}"\nname = "{identifier.title()}"\norder = {order}\ndistribution = "stdlib"\n'
        'summary = "Measured beside the systems."\n'
    )
    for old, new in changes.items():
        text = text.replace(old, new)
    return text


PASSES = 5


def timed(seconds: float, random: Random, count: int = 10, spread: float = 0.05, **parameters: object) -> dict:
    """Return a probe of schema 2 whose samples scatter around *seconds*, a few of them far above."""
    samples = [
        seconds * random.lognormvariate(0, spread) * (1 + (random.random() > 0.97) * random.random())
        for _ in range(count)
    ]
    passes = [count // PASSES] * (PASSES - 1)
    return {
        "unit": "s",
        "samples": samples,
        "passes": [*passes, count - sum(passes)],
        "noise": {"canary": 0.02, "marked": False},
        "parameters": parameters,
    }


def invented(cost: float, bandwidth: float = 1e9, contention: float = 0.02, prefix: str = "", seed: int = 1) -> dict:
    """Return the probes of an engine with a known cost per task (s), bandwidth (B/s) and contention, invented."""
    random = Random(f"{prefix}{cost}{seed}")
    workers = 2
    probes = {
        "startup.first_result": timed(0.3 + 1000 * cost, random),
        "task_cost.roundtrip": timed(2 * cost, random, 200, 0.25),
        "task_cost.stream": timed(cost, random),
        "memory.idle": {"unit": "B", "samples": [5e7 + 1e11 * cost] * 5},
        "scaling.cpu.weak.1": timed(1.0, random, workers=1, tasks=32, grain=0.03),
        "scaling.cpu.weak.2": timed(1.03 + 64 * cost, random, workers=2, tasks=64, grain=0.03),
    }
    for power in range(2, 17):
        grain = 2**power * 1e-6
        wall = 256 * (grain / workers + cost)
        if grain / workers / (grain / workers + cost) > 0.15 or power > 14:
            probes[f"metg.independent.{2**power}us"] = timed(
                wall, random, tasks=256, workers=workers, grain=grain, pattern="independent"
            )
    for name, size in {"1kB": 1e3, "10kB": 1e4, "100kB": 1e5, "1MB": 1e6, "10MB": 1e7, "100MB": 1e8}.items():
        for way, factor in {"in": 1, "out": 1.6, "buffer.in": 0.4, "shared": 0.05}.items():
            seconds = 2 * cost + factor * size / bandwidth
            probes[f"payload.{way}.{name}"] = timed(seconds, random, bytes=int(size))
    for number in (1, 2, 3, 4, 6, 8, 12, 16):
        seconds = 96 * 0.02 * (1 + contention * (number - 1) + contention / 20 * number * (number - 1)) / number
        held_out = number in (3, 6, 12, 16)
        probes[f"scaling.wait.strong.{number}"] = timed(
            seconds + cost, random, workers=number, tasks=96, grain=0.02, held_out=held_out
        )
    for number in (1, 2, 4):
        seconds = 96 * 0.03 * (contention + (1 - contention) / min(number, 2))
        more = {"oversubscribed": True} if number > 2 else {}
        probes[f"scaling.cpu.strong.{number}"] = timed(
            seconds + cost, random, workers=number, tasks=96, grain=0.03, held_out=False, **more
        )
    return {f"{prefix}{name}": probe for name, probe in probes.items()}


def result(system_id: str, probes: dict, machine: str = "vm-2core") -> str:
    """Return the JSON of a measurement, of schema 2, with these probes alone."""
    data = json.loads(measurement(system_id, machine))
    background = {"passes": [{"pass": number} for number in range(1, PASSES + 1)]}
    settings = {"effort": "full", "passes": PASSES, "workers": 2}
    return json.dumps(data | {"schema": 2, "settings": settings, "background": background, "probes": probes})
