"""Where a number comes from: machine, interpreter, packages, commit, date, load."""

from __future__ import annotations

import datetime
import os
import platform
import re
import subprocess
import sys
import sysconfig
from importlib import metadata
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parents[2]


def cpu_model() -> str:
    """Return the processor's own name, or the architecture where the system does not tell it."""
    try:
        for line in Path("/proc/cpuinfo").read_text("utf8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def cgroup_limits() -> dict[str, str] | None:
    """Return the CPU and memory limits of this process's cgroup (version 2), or None where there are none."""
    limits = {}
    for name in ("cpu.max", "memory.max"):
        try:
            value = Path("/sys/fs/cgroup", name).read_text("utf8").strip()
        except OSError:
            continue
        if not value.startswith("max"):
            limits[name] = value
    return limits or None


def machine_id() -> str:
    """Return a short name for this machine: cores and processor, in lower case with hyphens."""
    cpu = re.sub(r"\(.*?\)|@.*|CPU|Processor", " ", cpu_model())
    return re.sub(r"[^a-z0-9]+", "-", f"{psutil.cpu_count()}-core {cpu}".lower()).strip("-")


def machine(identifier: str, note: str = "") -> dict[str, Any]:
    """Describe this machine; memory in bytes."""
    return {
        "id": identifier,
        "cpu": cpu_model(),
        "cores": psutil.cpu_count() or 1,
        "memory_bytes": psutil.virtual_memory().total,
        "os": _os_name(),
        "kernel": platform.release(),
        "container": cgroup_limits(),
        "note": note,
    }


def _os_name() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        return platform.system()


def interpreter() -> dict[str, Any]:
    """Describe the Python that runs, and whether it has a GIL."""
    enabled = getattr(sys, "_is_gil_enabled", lambda: True)()
    return {
        "version": platform.python_version(),
        "implementation": platform.python_implementation(),
        "gil": enabled,
        "free_threaded_build": bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
    }


def packages(names: tuple[str, ...]) -> dict[str, str]:
    """Return the installed version of each distribution in *names*."""
    return {name: metadata.version(name) for name in names}


def commit() -> str:
    """Return the commit of the work tree, with ``+`` when tracked files differ from it; empty outside git."""
    run = subprocess.run(["git", "describe", "--always", "--abbrev=12", "--dirty=+"], cwd=ROOT, capture_output=True)
    return run.stdout.decode().strip() if run.returncode == 0 else ""


def now() -> str:
    """Return the time in UTC, to the second, as ISO 8601."""
    return datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def load() -> list[float]:
    """Return the load averages over 1, 5 and 15 minutes, to two decimals."""
    return [round(value, 2) for value in os.getloadavg()]
