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

#: What a machine's name in a result looks like; it is a folder of the book.
MACHINE_ID = re.compile(r"[a-z0-9][a-z0-9.-]*")

#: What pyperf knows that says more of the person than of the machine, or nothing that a reader could use.
_PRIVATE = {"hostname", "python_executable", "python_cflags", "python_config_args", "mem_max_rss", "command_max_rss"}


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


def cores() -> int:
    """Return how many processors this process may use at a time, within its affinity and its cgroup's quota."""
    try:
        found = len(os.sched_getaffinity(0))
    except AttributeError:
        found = os.cpu_count() or 1
    quota, _, period = (cgroup_limits() or {}).get("cpu.max", "").partition(" ")
    return max(1, min(found, int(int(quota) / int(period)))) if quota.isdecimal() and period.isdecimal() else found


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


def commit(*paths: str) -> str:
    """Return the last commit that touched *paths* (default: any), with ``+`` where files differ; empty without git."""
    try:
        last = _git("log", "-1", "--abbrev=12", "--format=%h", "--", *paths)
        return last + ("+" if _git("diff", "--name-only", "HEAD", "--", *paths) else "")
    except (OSError, subprocess.CalledProcessError):
        return ""


def _git(*arguments: str) -> str:
    run = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, check=True)
    return run.stdout.decode().strip()


def now() -> str:
    """Return the time in UTC, to the second, as ISO 8601."""
    return datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def public_address(address: str) -> str:
    """Return *address* without the name and password that a URL may carry."""
    return re.sub(r"(?<=://)[^/@]*@", "", address)


def background() -> dict[str, Any]:
    """Return the date, the load averages and pyperf's metadata of this machine and process."""
    import pyperf  # not at the top: a test of the harness needs no pyperf

    metadata = pyperf.Run([1.0], collect_metadata=True).get_metadata()
    kept = {key: value for key, value in metadata.items() if key not in _PRIVATE}
    return {"date": now(), "loadavg": load(), "metadata": {key: _plain(value) for key, value in kept.items()}}


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool) else str(value)


def load() -> list[float]:
    """Return the load averages over 1, 5 and 15 minutes, to two decimals; nothing where the system has none."""
    return [round(value, 2) for value in getattr(os, "getloadavg", lambda: ())()]
