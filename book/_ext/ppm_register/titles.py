"""Names of probes and of what follows from them, as a reader calls them."""

from __future__ import annotations

import re
from collections.abc import Callable

from .load import Subject
from .quantities import NBSP

#: What the harness measures on every system, and what follows from it.
TITLES = {
    "startup.import": "Import",
    "startup.start": "Start of the engine",
    "startup.first_task": "First task",
    "startup.first_result": "Start-up to first result",
    "startup.python": "Start of a bare interpreter",
    "task_cost.roundtrip": "Round trip of one empty task",
    "task_cost.stream": "Cost per task in a stream",
    "memory.idle": "Memory per idle worker",
    "memory.loaded": "Memory per loaded worker",
    "weight.packages": "Packages installed",
    "weight.installed": "Installed size",
    "shared_job.sequential": "Shared job, sequential",
    "shared_job.parallel": "Shared job, parallel",
    "mixed.sequential": "Mixed job, sequential",
    "mixed.parallel": "Mixed job, parallel",
    "overhead.clock": "Reading the clock",
    "overhead.sample": "Taking a sample",
    "overhead.collect": "Collecting garbage before a sample",
    "scaling.cpu.amdahl": "Serial fraction (Amdahl)",
    "scaling.wait.contention": "Contention σ (USL), waiting tasks",
    "scaling.wait.coherency": "Coherency κ (USL), waiting tasks",
    "scaling.cpu.contention": "Contention σ (USL), CPU-bound tasks",
    "scaling.cpu.coherency": "Coherency κ (USL), CPU-bound tasks",
    "scaling.wait.heldout": "Error at the held-out points",
    "model.error": "Cost model, error on held-out jobs",
    "model.error.maximum": "Error if sending hid behind work",
    "model.error.serial": "Error if data traveled one task after the other",
    "model.startup": "Start-up",
    "model.latency": "Once a job",
    "model.cost": "Each task",
    "model.bandwidth.in": "Bandwidth in",
    "model.bandwidth.out": "Bandwidth out",
    "model.speedup.python": "Speed-up, Python code",
    "model.speedup.compiled": "Speed-up, compiled code",
    "model.speedup.waiting": "Speed-up, waiting",
}
_PATTERNS = {"independent": "independent tasks", "stencil": "stencil"}
_WAYS = {
    "in": "sent",
    "out": "returned",
    "buffer.in": "sent out of band",
    "buffer.out": "returned out of band",
    "shared": "in shared memory",
}
_WAY = "|".join(map(re.escape, sorted(_WAYS, key=len, reverse=True)))


def _size(match: re.Match[str]) -> str:
    return f"{match['number']}{NBSP}{match['unit']}"


def _grain(match: re.Match[str]) -> str:
    """Write microseconds as they are: a ladder in mixed units is hard to follow."""
    return f"{int(match['grain']):,}{NBSP}µs"


def _words(name: str) -> str:
    return name.replace("_", " ").replace(".", " ")


_SCALING = {
    "cpu.strong": "CPU-bound job",
    "cpu.weak": "CPU-bound job that grows with the workers",
    "wait.strong": "waiting job",
}
#: Families of names, each with the function that words a member.
FAMILIES: list[tuple[re.Pattern[str], Callable[[re.Match[str]], str]]] = [
    (
        re.compile(rf"payload\.(?P<way>{_WAY})\.(?P<number>\d+)(?P<unit>[kMG]?B)"),
        lambda m: f"Task with {_size(m)} {_WAYS[m['way']]}",
    ),
    (
        re.compile(rf"payload\.(?P<way>{_WAY})\.(?P<what>bandwidth|latency)"),
        lambda m: f"{m['what'].title()}, data {_WAYS[m['way']]}",
    ),
    (
        re.compile(r"metg\.(?P<pattern>[a-z_]+)\.(?P<grain>\d+)us"),
        lambda m: f"Sweep of {_PATTERNS.get(m['pattern'], _words(m['pattern']))}, {_grain(m)} of work",
    ),
    (
        re.compile(r"metg\.(?P<pattern>[a-z_]+)"),
        lambda m: f"METG(50{NBSP}%), {_PATTERNS.get(m['pattern'], _words(m['pattern']))}",
    ),
    (
        re.compile(r"scaling\.(?P<kind>cpu\.strong|cpu\.weak|wait\.strong)\.(?P<workers>\d+)"),
        lambda m: f"{_capital(_SCALING[m['kind']])}, {_workers(m)}",
    ),
    (
        re.compile(r"scaling\.(?P<what>cpu|wait)\.(?P<measure>speedup|efficiency)\.(?P<workers>\d+)"),
        lambda m: f"{_MEASURES[m['measure']]}, {_workers(m)}",
    ),
    (
        re.compile(r"scaling\.(?P<what>cpu|wait)\.(?P<measure>[a-z_]+)"),
        lambda m: f"Scaling law, {_SCALING[m['what'] + '.strong']}: {_words(m['measure'])}",
    ),
    (re.compile(r"job\.(?P<job>\w+)"), lambda m: f"Held-out job {m['job']}"),
    (
        re.compile(r"crosscheck\.(?P<what>[\w.]+)\.(?P<whose>ours|theirs)"),
        lambda m: f"{_capital(_words(m['what']))}, {_TOOLS[m['whose']]}",
    ),
    (re.compile(r"crosscheck\.(?P<what>[\w.]+)"), lambda m: f"{_capital(_words(m['what']))}, ours to theirs"),
    (re.compile(r"recovery\.(?P<what>[\w.]+)"), lambda m: f"Recovered to injected, {_words(m['what'])}"),
    (re.compile(r"reproducibility\.(?P<what>.+)"), lambda m: f"Difference between passes, {_words(m['what'])}"),
    (re.compile(r"(?:machine|overhead|model)\.(?P<what>.+)"), lambda m: _capital(_words(m["what"]))),
]
_MEASURES = {"speedup": "Speed-up", "efficiency": "Efficiency"}
_TOOLS = {"ours": "this harness", "theirs": "the engine's own tool"}


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _workers(match: re.Match[str]) -> str:
    number = int(match["workers"])
    return f"{number} worker{'s' if number != 1 else ''}"


def has_title(base: str, subject: Subject) -> bool:
    """Whether a name without its variant has a title, its system's or the book's."""
    own = subject.data.get("probes", {})
    return base in own or base in TITLES or any(pattern.fullmatch(base) for pattern, _ in FAMILIES)


def split_variant(name: str, subject: Subject) -> tuple[str, str]:
    """Split ``threading.task_cost.stream`` into variant and name; an unknown name is one without a variant."""
    first, _, rest = name.partition(".")
    if rest and first in subject.data.get("variants", {}):
        return first, rest
    parts = name.split(".")
    for start in range(len(parts)):
        base = ".".join(parts[start:])
        if has_title(base, subject):
            return ".".join(parts[:start]), base
    return "", name


def probe_title(base: str, subject: Subject) -> str:
    """Return what a reader calls a probe or quantity: the system's own title, the book's, or its name."""
    if base in (own := subject.data.get("probes", {})):
        return own[base]
    if base in TITLES:
        return TITLES[base]
    for pattern, word in FAMILIES:
        if match := pattern.fullmatch(base):
            return word(match)
    return base.replace("_", " ").replace(".", ": ", 1)


def payload_way(base: str) -> str:
    """Return how a payload travels, in words; empty for a probe that is no payload's."""
    match = re.match(rf"payload\.({_WAY})\.", base)
    return _WAYS[match[1]] if match else ""
