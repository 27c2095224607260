"""Results for the tests of what reads them."""

from __future__ import annotations

from typing import Any

from examples.measure.provenance import commit

NAMES = ("task_cost.roundtrip", "threads.task_cost.stream", "metg.independent.64us")


def timed(*passes: list[float], unit: str = "s", marked: bool = False) -> dict[str, Any]:
    """Return an entry with the samples of each pass."""
    return {
        "unit": unit,
        "samples": [sample for one in passes for sample in one],
        "passes": [len(one) for one in passes],
        "noise": {"canary": 0.5 if marked else 0.02, "marked": marked},
        "warmups": 1,
        "description": "a probe",
    }


def make(system: str = "joblib", **changes: Any) -> dict[str, Any]:
    """Return a result that can be published, but for *changes*."""
    passes = [[0.010, 0.011, 0.012]] * 5
    return {
        "schema": 2,
        "system": system,
        "machine": {"id": "here", "cpu": "C", "cores": 2, "memory_bytes": 1, "os": "O", "kernel": "K"},
        "python": {"version": "3.11.7", "implementation": "CPython", "gil": True},
        "packages": {"joblib": "1.6.0"},
        "commit": commit().rstrip("+"),
        "date": "2026-11-24T00:00:00Z",
        "harness": "2",
        "settings": {"effort": "full", "passes": 5, "workers": 2, "cores": 2},
        "background": {"loadavg": [0.1], "metadata": {"cpu_count": 2}, "passes": [{"pass": 1}]},
        "probes": {name: timed(*passes) for name in NAMES},
    } | changes
