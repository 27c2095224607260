"""Read and check the register: ``_data/systems``, ``_data/measured``, ``_data/sources`` and ``_data/measurements``.

Every mistake is one :class:`Problem` with file, line and key.
A file with a mistake is left out, so that one broken file does not hide the rest.
"""

from __future__ import annotations

import datetime
import difflib
import fnmatch
import hashlib
import json
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import jsonschema
import pybtex.database

from .derived import fingerprint
from .measurements import Measurement
from .toml_lines import array_lines, key_lines, line_of

SCHEMAS = Path(__file__).resolve().parents[2] / "_data" / "schema"


@dataclass(frozen=True)
class Problem:
    """One mistake in the data."""

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


@dataclass(frozen=True)
class Source:
    """What the register needs of a bibliography entry."""

    key: str
    title: str
    url: str


@dataclass(frozen=True)
class Fact:
    """A fact about a system, with its source or the reason why it is unknown."""

    system: str
    name: str
    label: str
    value: float | int | str | bool
    unit: str
    source: Source | None
    locator: str
    reason: str
    version: str
    checked: datetime.date
    review_by: datetime.date

    @property
    def unknown(self) -> bool:
        """Whether nobody could find out."""
        return self.value == "unknown"


@dataclass(frozen=True)
class Subject:
    """What is measured; it may have no chapter."""

    path: Path
    data: dict[str, Any]

    @property
    def id(self) -> str:
        """The id."""
        return self.data["id"]

    @property
    def name(self) -> str:
        """The name as written in prose."""
        return self.data["name"]


@dataclass(frozen=True)
class System(Subject):
    """One system of the book, with its chapter."""

    facts: dict[str, Fact]

    @property
    def install(self) -> str:
        """The command that installs the version that the chapter ran; empty where there is none."""
        distribution = self.data["distribution"]
        if "install" in self.data or distribution in ("stdlib", "service"):
            return self.data.get("install", "")
        return f"pip install {distribution}=={self.data['version']}"


@dataclass
class Register:
    """All facts and measurements, and the mistakes found while reading them."""

    root: Path
    systems: dict[str, System] = field(default_factory=dict)
    #: What is measured and has no chapter.
    subjects: dict[str, Subject] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    machines: dict[str, dict[str, Measurement]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    #: Machines that the book quotes, the preferred one first, with patterns of the pages on which one comes before all.
    references: dict[str, list[str]] = field(default_factory=dict)
    #: The reader's own measurements by system, from a folder beside the book's.
    own: dict[str, Measurement] = field(default_factory=dict)
    _digests: dict[str, str] = field(default_factory=dict, repr=False)

    def ordered(self, part: str | None = None) -> list[System]:
        """Return the systems of a part, or of all, in the book's order."""
        parts = _schema("system")["properties"]["part"]["enum"]
        chosen = [s for s in self.systems.values() if part in (None, s.data["part"])]
        return sorted(chosen, key=lambda s: (parts.index(s.data["part"]), s.data["order"], s.id))

    def subject(self, name: str) -> Subject | None:
        """Return a system, or what is measured without a chapter."""
        return self.systems.get(name) or self.subjects.get(name)

    def compared(self) -> list[Subject]:
        """Return all that is measured to be compared, in the book's order; what has no chapter comes first."""
        without = [s for s in self.subjects.values() if s.data.get("compared", True)]
        return [*sorted(without, key=lambda s: (s.data["order"], s.id)), *self.ordered()]

    def measurement(self, system: str, machine: str | None = None) -> Measurement | None:
        """Return a system's measurement on a machine, by default the first reference machine that has one."""
        found = (self.machines.get(name, {}).get(system) for name in ([machine] if machine else self.references))
        return next(filter(None, found), None)

    def order(self, page: str) -> list[str]:
        """Return the machines that a page quotes, the preferred one first."""
        own = [name for name, pages in self.references.items() if any(fnmatch.fnmatchcase(page, p) for p in pages)]
        return list(dict.fromkeys([*own, *self.references]))

    @cached_property
    def parts(self) -> list[str]:
        """The parts that hold system pages, in the book's order."""
        return _schema("system")["properties"]["part"]["enum"]

    def digest(self, key: str) -> str:
        """Return a value that changes when the data behind a key does.

        ``ray`` stands for the system and its measurements, ``*`` for all systems and measurements.
        """
        if key not in self._digests:
            self._digests[key] = self._digest(key)
        return self._digests[key]

    def _digest(self, key: str) -> str:
        subjects = [s for s in {**self.systems, **self.subjects}.values() if key in ("*", s.id)]
        machines = [*(m for _, m in sorted(self.machines.items())), self.own]
        measured = [m[s].digest for m in machines for s in sorted(m) if key in ("*", s)]
        sources = [f.source for s in subjects if isinstance(s, System) for f in s.facts.values()]
        content = repr(([s.data for s in subjects], sources, measured, self.references, fingerprint()))
        return hashlib.sha256(content.encode()).hexdigest()


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return a hint with near matches, or with what there is."""
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
    if near:
        return f"; did you mean {' or '.join(map(repr, near))}?"
    return f"; there are {', '.join(names)}" if 0 < len(names) <= 8 else ""


@cache
def _schema(name: str) -> dict[str, Any]:
    return json.loads((SCHEMAS / f"{name}.json").read_text("utf8"))


def _plain(value: Any) -> Any:
    """Return TOML data as JSON knows it: dates as text."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    return value


def _explain(error: jsonschema.ValidationError) -> tuple[list[object], str]:
    """Return the key path and a sentence for a schema error."""
    path = list(error.absolute_path)
    key = ".".join(map(str, path)) or "the file"
    match error.validator:
        case "additionalProperties":
            known = error.schema.get("properties", {})
            extra = next(name for name in error.instance if name not in known)
            dotted = ".".join(map(str, [*path, extra]))
            return [*path, extra], f"unknown key {dotted!r}{did_you_mean(extra, known)}"
        case "required":
            missing = next(name for name in error.validator_value if name not in error.instance)
            where = f" in [{'.'.join(map(str, path))}]" if path else ""
            why = " (the value is unknown)" if missing == "reason" else ""
            return path, f"key {missing!r} is missing{where}{why}"
        case "enum":
            return (
                path,
                f"{key}: unknown {path[-1]} {error.instance!r}{did_you_mean(error.instance, error.validator_value)}",
            )
        case "type":
            kinds = error.validator_value
            want = kinds if isinstance(kinds, str) else " or ".join(kinds)
            return path, f"{key}: {error.instance!r} must be of type {want}"
        case "format":
            return path, f"{key}: {error.instance!r} is not a {error.validator_value} (YYYY-MM-DD)"
        case "pattern":
            if "propertyNames" in error.absolute_schema_path:
                return [
                    *path,
                    error.instance,
                ], f"{key}: the name {error.instance!r} does not match {error.validator_value}"
            return path, f"{key}: {error.instance!r} does not match {error.validator_value}"
    return path, f"{key}: {error.message}"


def _schema_problems(data: Any, schema: str, path: Path, find_line: Callable[[list[object]], int]) -> Iterator[Problem]:
    checker = jsonschema.FormatChecker(["date"])
    validator = jsonschema.Draft202012Validator(_schema(schema), format_checker=checker)
    for error in sorted(validator.iter_errors(data), key=lambda error: [str(key) for key in error.absolute_path]):
        keys, message = _explain(error)
        yield Problem(path, find_line(keys), message)


def read_sources(folder: Path) -> tuple[dict[str, Source], list[Problem]]:
    """Read the keys, titles and addresses of all bibliography files."""
    sources: dict[str, Source] = {}
    problems = []
    for path in sorted(folder.glob("*.bib")):
        try:
            entries = pybtex.database.parse_file(str(path), "bibtex").entries
        except pybtex.exceptions.PybtexError as error:
            problems.append(Problem(path, getattr(error, "lineno", None) or 1, str(error).splitlines()[0]))
            continue
        for key, entry in entries.items():
            title = entry.fields.get("title", key).replace("{", "").replace("}", "")
            sources[key] = Source(key, title, entry.fields.get("url", ""))
    return sources, problems


def _read_toml(path: Path) -> tuple[Any, dict[tuple[str, ...], int], list[Problem]]:
    try:
        text = path.read_text("utf8")
        return tomllib.loads(text), key_lines(text), []
    except tomllib.TOMLDecodeError as error:
        message, _, place = str(error).partition(" (at ")
        number = re.match(r"line (\d+)", place)
        return None, {}, [Problem(path, int(number[1]) if number else max(1, len(text.splitlines())), message)]
    except UnicodeDecodeError as error:
        return None, {}, [Problem(path, 1, f"not UTF-8: {error.reason} at byte {error.start}")]


def read_data(path: Path, schema: str) -> tuple[Any, dict[tuple[str, ...], int], list[Problem]]:
    """Read a TOML file that a schema describes; return its data, the lines of its key paths, and what is wrong."""
    raw, _, problems = _read_toml(path)
    if problems:
        return None, {}, problems
    data, lines = _plain(raw), array_lines(path.read_text("utf8"))
    return data, lines, list(_schema_problems(data, schema, path, lambda keys: line_of(lines, keys)))


def _read_system(path: Path, sources: dict[str, Source]) -> tuple[System | None, list[Problem]]:
    raw, lines, problems = _read_toml(path)
    if problems:
        return None, problems
    data = _plain(raw)
    problems = list(_schema_problems(data, "system", path, lambda keys: line_of(lines, keys)))
    facts = data.get("facts", {})
    for name, entry in facts.items() if isinstance(facts, dict) else ():
        key = entry.get("source") if isinstance(entry, dict) else None
        if isinstance(key, str) and key not in sources:
            hint = did_you_mean(key, sources)
            message = f"facts.{name}.source: no source {key!r} in _data/sources/*.bib{hint}"
            problems.append(Problem(path, line_of(lines, ["facts", name, "source"]), message))
    if problems:
        return None, problems
    return System(path, data, {name: _fact(data["id"], name, entry, sources) for name, entry in facts.items()}), []


def _fact(system: str, name: str, entry: dict[str, Any], sources: dict[str, Source]) -> Fact:
    day = datetime.date.fromisoformat
    return Fact(
        system,
        name,
        entry["label"],
        entry["value"],
        entry.get("unit", ""),
        sources[entry["source"]] if "source" in entry else None,
        entry.get("locator", ""),
        entry.get("reason", ""),
        entry["version"],
        day(entry["checked"]),
        day(entry["review_by"]),
    )


def _read_subject(path: Path) -> tuple[Subject | None, list[Problem]]:
    raw, lines, problems = _read_toml(path)
    data = _plain(raw)
    problems = problems or list(_schema_problems(data, "measured", path, lambda keys: line_of(lines, keys)))
    return (None, problems) if problems else (Subject(path, data), [])


def _read_subjects(register: Register) -> None:
    """Read the systems, then what has no chapter; one id stands in one file."""
    files: dict[str, Path] = {}
    for path in [
        *sorted((register.root / "systems").glob("*.toml")),
        *sorted((register.root / "measured").glob("*.toml")),
    ]:
        is_system = path.parent.name == "systems"
        subject, problems = _read_system(path, register.sources) if is_system else _read_subject(path)
        register.problems += problems
        if subject is None:
            continue
        line = _read_toml(path)[1][("id",)]
        if subject.id != path.stem:
            problems = [Problem(path, line, f"id {subject.id!r} must be the file's name, {path.stem!r}")]
        if subject.id in files:
            first = files[subject.id]
            if first.parent == path.parent:
                message = f"duplicate id {subject.id!r}, also in {first.name}"
            else:
                message = f"{subject.id!r} has a chapter: [variants] and [probes] belong to systems/{first.name}"
            problems = [Problem(path, line, message)]
        files.setdefault(subject.id, path)
        register.problems += problems
        if not problems:
            known = register.systems if isinstance(subject, System) else register.subjects
            known[subject.id] = subject


def _json_line(text: str, keys: list[object]) -> int:
    """Return the line of a key path in a JSON file that is written key by key, as the harness does."""
    place = 0
    for key in keys:
        found = text.find(f'"{key}":', place)
        place = found if found >= 0 else place
    return text.count("\n", 0, place) + 1


def _abridged(data: Any) -> Any:
    """Return a result with one number for each list of numbers: the schema would look at each, which takes seconds."""

    def is_number(sample: object) -> bool:
        return isinstance(sample, (int, float)) and not isinstance(sample, bool)

    def entry(value: Any) -> Any:
        samples = value.get("samples") if isinstance(value, dict) else None
        if isinstance(samples, list) and samples and all(map(is_number, samples)):
            return {**value, "samples": samples[:1]}
        return value

    probes = data.get("probes") if isinstance(data, dict) else None
    return (
        data | {"probes": {name: entry(value) for name, value in probes.items()}} if isinstance(probes, dict) else data
    )


def _read_measurement(path: Path, systems: set[str], machine: str) -> tuple[Measurement | None, list[Problem]]:
    try:
        text = path.read_text("utf8")
        data = json.loads(text)
    except json.JSONDecodeError as error:
        return None, [Problem(path, error.lineno, error.msg)]
    problems = list(_schema_problems(_abridged(data), "measurement", path, lambda keys: _json_line(text, keys)))
    if not problems:
        if data["system"] != path.stem:
            problems.append(Problem(path, 1, f"system {data['system']!r} must be the file's name, {path.stem!r}"))
        if machine and data["machine"]["id"] != machine:
            message = f"machine.id {data['machine']['id']!r} must be the folder's name, {machine!r}"
            problems.append(Problem(path, 1, message))
        if data["system"] not in systems:
            hint = did_you_mean(data["system"], systems)
            message = f"no system {data['system']!r} in _data/systems or _data/measured{hint}"
            problems.append(Problem(path, 1, message))
    return (None, problems) if problems else (Measurement(path, data), [])


def _read_measurements(register: Register) -> None:
    folder = register.root / "measurements"
    # A system whose own file is broken is reported there, not again for each of its measurements.
    systems = {path.stem for kind in ("systems", "measured") for path in (register.root / kind).glob("*.toml")}
    for path in sorted(folder.glob("*/*.json")):
        measurement, problems = _read_measurement(path, systems, path.parent.name)
        register.problems += problems
        if measurement:
            register.machines.setdefault(measurement.machine, {})[measurement.system] = measurement
    reference = folder / "reference.txt"
    if reference.exists():
        machines = [path.name for path in folder.iterdir() if path.is_dir()]
        for line, text in enumerate(reference.read_text("utf8").splitlines(), 1):
            name, *pages = text.split() or [""]
            if name in machines:
                register.references[name] = pages
            else:
                message = f"no machine {name!r} in _data/measurements{did_you_mean(name, machines)}"
                register.problems.append(Problem(reference, line, message))
    elif len(register.machines) == 1:
        register.references = dict.fromkeys(register.machines, [])
    elif register.machines:
        register.problems.append(Problem(reference, 1, "several machines, and no reference.txt that names one"))


def _read_own(register: Register, folder: Path) -> None:
    """Read the reader's own measurements, one file a system, under any folder's name.

    A system that the book does not know has no place in it, and its file is no mistake.
    """
    paths = sorted(folder.glob("*.json"))
    if not paths:
        message = "ppm_own_measurements: no measurements (*.json) in this folder; tox -e measure writes them"
        register.problems.append(Problem(folder, 1, message))
    systems = {*register.systems, *register.subjects}
    for path in paths:
        if path.stem not in systems:
            continue
        measurement, problems = _read_measurement(path, systems, "")
        register.problems += problems
        if measurement:
            register.own[measurement.system] = measurement


def load(root: Path, own: Path | None = None) -> Register:
    """Read the register below a ``_data`` folder; mistakes are listed in ``problems``.

    *own* is a folder with the measurements of the reader's machine, as the harness writes it.
    """
    register = Register(root)
    register.sources, register.problems = read_sources(root / "sources")
    _read_subjects(register)
    _read_measurements(register)
    if own is not None:
        _read_own(register, own)
    return register
