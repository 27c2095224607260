"""A small, valid register for the tests: one system with facts, a bibliography and measurements."""

from __future__ import annotations

import json

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
    found["memory.worker"] = {"unit": "B", "samples": [90_000_000]}
    found["weight.packages"] = {"unit": "", "samples": [12], "warmups": 0, "description": "distributions installed"}
    found |= {name.replace("__", "."): entry for name, entry in probes.items()}
    return json.dumps(
        {
            "schema": 1,
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
            "settings": {},
            "background": {"loadavg": [0.1, 0.1, 0.1]},
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
