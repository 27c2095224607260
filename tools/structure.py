"""Checks that hold the parts of the book together; each returns what is wrong as ``file:line: message``.

No system is named here or in any other shared file: what exists is read from ``book/_data/systems``, and a new system
passes with its own files.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tools.pages import Fence, Page, find_pages, read_page
from tools.systems import GENERAL, ROOT, Subject, System, load_chapters, load_groups, load_subjects, load_systems
from tools.uses import example_modules, module_name, modules_used, used_by_system

sys.path.append(str(ROOT / "book" / "_ext"))

from ppm_criteria import CRITERIA

#: Folders and dependency groups that belong to the book, not to a system.
OWN_FOLDERS = {"examples": {"workload", "measure"}, "tests/examples": {GENERAL}, "diagrams": {"_style"}}
#: Bibliographies of no system and no page: the book's own, that of the performance analysis, threads of readers.
OWN_SOURCES = {GENERAL, "performance", "questions"}
OWN_GROUPS = {"book", "serve", "examples", "test", "lint", "runner", GENERAL}

#: Words that age or that judge the reader; a version, a date or nothing says it better.  A cache may drop what was
#: least recently used: that is its name.
BANNED = re.compile(r"\b(currently|(?<!least )recently|modern|simply|easily)\b", re.IGNORECASE)
_CODE_SPAN = re.compile(r"(`+).*?\1")
_REGION = re.compile(r"^\s*# (?P<kind>region|endregion) (?P<name>.+?)\s*$")


def _place(path: Path, line: int, root: Path) -> str:
    return f"{path.relative_to(root).as_posix()}:{line}"


def _data(system: System | Subject) -> Path:
    if isinstance(system, Subject):
        return system.data
    return system.root / "book" / "_data" / "systems" / f"{system.id}.toml"


def _system_pages(root: Path) -> Iterator[tuple[System, Page]]:
    """Systems with their pages; a missing page is the business of :func:`check_parts`."""
    for system in load_systems(root).values():
        if system.page.exists():
            yield system, read_page(system.page)


# What exists


def check_parts(root: Path = ROOT) -> list[str]:
    """Every system has its page, examples, tests, diagrams and dependency group."""
    found = []
    groups = load_groups(root)
    for system in load_systems(root).values():
        place = _place(_data(system), 1, root)
        for path in (system.page, system.engine, system.examples, root / "diagrams" / system.id):
            if not path.exists():
                found.append(f"{place}: system {system.id!r} has no {path.relative_to(root).as_posix()}")
        if system.distribution not in ("stdlib", "service") and system.id not in groups:
            found.append(f"{place}: system {system.id!r} has no dependency group in pyproject.toml")
    return found


def check_orphans(root: Path = ROOT) -> list[str]:
    """Nothing else claims to be a system: no page, folder, dependency group or data file without a system's data.

    What is measured without a chapter (``book/_data/measured``) has examples, tests, a group and measurements too.
    """
    systems, subjects = load_systems(root), load_subjects(root)
    measured = set(systems) | set(subjects)
    modules = {item.module for item in (*systems.values(), *subjects.values())}
    book = root / "book"
    parts = json.loads((book / "_data" / "schema" / "system.json").read_text("utf8"))["properties"]["part"]["enum"]
    found = []
    own_sources = set(OWN_SOURCES)
    for page in find_pages(root):
        name = page.relative_to(book)
        known = page.stem in systems and systems[page.stem].page == page
        if not known and _listed_in_index(page):
            known = True  # a page of the part's own, such as its patterns
            own_sources.add(page.stem)
        if name.parts[0] not in parts:
            own_sources.add(page.stem)
        if name.parts[0] in parts and name.name != "index.md" and not known:
            found.append(
                f"{_place(page, 1, root)}: a page of a part, but no system {page.stem!r} in book/_data/systems"
            )
    shared = {path.name for path in book.iterdir() if path.is_dir()}
    pages = {page.stem for page in find_pages(root) if page.stem not in systems}
    topics = {"examples": modules | shared | pages, "tests/examples": modules, "diagrams": set(systems) | shared}
    for folder, own in OWN_FOLDERS.items():
        names = topics[folder]
        for path in sorted((root / folder).iterdir()):
            if path.is_dir() and path.name not in names | own | {"__pycache__"}:
                found.append(f"{_place(path, 1, root)}: no system {path.name!r} in book/_data/systems")
    pyproject = (root / "pyproject.toml").read_text("utf8").splitlines()
    for group in sorted(load_groups(root) - OWN_GROUPS - measured):
        line = next((n for n, text in enumerate(pyproject, 1) if text.startswith(f"{group} =")), 1)
        found.append(f"pyproject.toml:{line}: no system {group!r} in book/_data/systems")
    data = book / "_data"
    for path in sorted([*data.glob("sources/*.bib"), *data.glob("evidence/*.json")]):
        # A folder of the book may have several: foundations.bib, foundations-laws.bib.
        if path.stem not in measured | own_sources and path.stem.partition("-")[0] not in shared:
            found.append(f"{_place(path, 1, root)}: no system {path.stem!r} in book/_data/systems")
    for path in sorted(data.glob("measurements/*/*.json")):
        if path.stem not in measured:
            found.append(f"{_place(path, 1, root)}: no {path.stem!r} in book/_data/systems or book/_data/measured")
    return found


def _listed_in_index(page: Path) -> bool:
    """Whether a line of the index beside *page* is its name, as in a toctree; systems come from ``part-systems``."""
    index = page.with_name("index.md")
    return index.exists() and page.stem in index.read_text("utf8").split("\n")


def check_measured(root: Path = ROOT) -> list[str]:
    """What is measured without a chapter has an adapter, the page that it says it has, and no chapter."""
    found = []
    systems = load_systems(root)
    for subject in load_subjects(root).values():
        place = _place(subject.data, 1, root)
        if subject.id in systems:
            found.append(
                f"{place}: {subject.id!r} has a chapter: [variants] and [probes] belong to systems/{subject.id}.toml"
            )
        adapter = subject.examples / "measure.py"
        for path in (adapter, *((subject.page, subject.engine) if subject.part else ())):
            if not path.exists():
                found.append(f"{place}: {subject.id!r} has no {path.relative_to(root).as_posix()}")
    return found


def check_environments(listed: set[str], root: Path = ROOT) -> list[str]:
    """The environments that tox lists are those of the systems."""
    wanted = {f"doctest-{name}": _data(chapter) for name, chapter in load_chapters(root).items()}
    found = [
        f"{_place(path, 1, root)}: tox has no environment {name!r}"
        for name, path in wanted.items()
        if name not in listed
    ]
    known = {*wanted, f"doctest-{GENERAL}"}
    return found + [
        f"toxfile.py:1: environment {name!r} has no system"
        for name in sorted(listed)
        if name.startswith("doctest-") and name not in known
    ]


# A system's page


def check_criteria(root: Path = ROOT) -> list[str]:
    """Each system page has exactly the seven criteria, in order, with their titles and labels."""
    found = []
    for system, page in _system_pages(root):
        first = page.headings[0] if page.headings else None
        if first is None or first.level != 1 or first.label != system.id:
            line = first.line if first else 1
            found.append(f"{_place(page.path, line, root)}: the page starts with ({system.id})= and its title")
        have = [heading for heading in page.headings if heading.level == 2]
        for heading, criterion in zip(have, CRITERIA, strict=False):
            label, place = criterion.label(system.id), _place(page.path, heading.line, root)
            if heading.title != criterion.title:
                found.append(f"{place}: section {heading.title!r} stands where {criterion.title!r} belongs")
            elif heading.label != label:
                found.append(f"{place}: section {heading.title!r} needs the label ({label})= on the line above")
        for criterion in CRITERIA[len(have) :]:
            found.append(f"{_place(page.path, 1, root)}: section {criterion.title!r} is missing")
        for heading in have[len(CRITERIA) :]:
            found.append(f"{_place(page.path, heading.line, root)}: section {heading.title!r} is none of the seven")
    return found


def check_labels(root: Path = ROOT) -> list[str]:
    """Every label of a system page starts with the system's id."""
    return [
        f"{_place(page.path, heading.line, root)}: label {heading.label!r} must start with '{system.id}-'"
        for system, page in _system_pages(root)
        for heading in page.headings
        if heading.level > 1 and not (heading.label or "").startswith(f"{system.id}-")
    ]


def check_diagrams(root: Path = ROOT) -> list[str]:
    """Each system page shows at least one diagram of its system."""
    found = []
    for system, page in _system_pages(root):
        shown = [fence for fence in page.fences if fence.directive == "uml"]
        own = [f for f in shown if _target(page, f).parent == root / "diagrams" / system.id]
        if not own:
            found.append(f"{_place(page.path, 1, root)}: the page shows no diagram of diagrams/{system.id}/")
    return found


def _target(page: Page, fence: Fence) -> Path:
    """The file that a directive names, relative to its page as Sphinx reads it."""
    return (page.path.parent / fence.argument).resolve()


def check_shared_job(root: Path = ROOT) -> list[str]:
    """Each system page runs an example of the shared job, itself or through a module of its examples."""
    found = []
    for system, page in _system_pages(root):
        waiting = set().union(*(modules_used(f.content) for f in page.fences if f.language == "python"))
        seen: set[str] = set()
        while waiting - seen:
            name = (waiting - seen).pop()
            seen.add(name)
            path = root / (name.replace(".", "/") + ".py")
            if name.startswith(f"examples.{system.module}.") and path.exists():
                waiting |= modules_used(path.read_text("utf8"))
        if not any(name.startswith("examples.workload") for name in seen):
            found.append(f"{_place(page.path, 1, root)}: no example runs the shared job (import examples.workload)")
    return found


def check_traps(root: Path = ROOT) -> list[str]:
    """Each system shows at least two traps by running them, and each trap is shown on the page."""
    found = []
    for system, page in _system_pages(root):
        traps = [path for path in example_modules(system) if path.name.startswith("trap_")]
        if len(traps) < 2:
            found.append(
                f"{_place(page.path, 1, root)}: {len(traps)} of at least 2 traps, "
                f"{system.examples.relative_to(root).as_posix()}/trap_*.py"
            )
        shown = {_target(page, fence) for fence in page.fences if fence.directive == "literalinclude"}
        found += [
            f"{_place(path, 1, root)}: the trap is not shown on {page.path.relative_to(root).as_posix()}"
            for path in traps
            if path not in shown
        ]
    return found


# Examples


def check_examples_used(root: Path = ROOT) -> list[str]:
    """Every module of a system's examples is run by a fence of its page or by a test."""
    found = []
    for system, page in _system_pages(root):
        used = used_by_system(system)
        shown = {_target(page, fence) for fence in page.fences if fence.directive == "literalinclude"}
        for path in example_modules(system):
            if module_name(path, root) not in used:
                state = "shown but never run" if path in shown else "unused example"
                found.append(f"{_place(path, 1, root)}: {state}: no fence of the page and no test imports it")
    return found


def check_regions(root: Path = ROOT) -> list[str]:
    """Every region of an example is closed, under a name that stands once in its file."""
    found = []
    for path in sorted((root / "examples").rglob("*.py")):
        opened: dict[str, int] = {}
        names: Counter[str] = Counter()
        for number, text in enumerate(path.read_text("utf8").splitlines(), 1):
            match = _REGION.match(text)
            if not match:
                continue
            name, place = match["name"], _place(path, number, root)
            if match["kind"] == "endregion":
                if opened.pop(name, None) is None:
                    found.append(f"{place}: region {name!r} ends here, but does not start")
                continue
            names[name] += 1
            if names[name] > 1:
                found.append(f"{place}: region {name!r} starts a second time")
            opened[name] = number
        found += [f"{_place(path, line, root)}: region {name!r} is never closed" for name, line in opened.items()]
    return found


def check_shown_regions(root: Path = ROOT) -> list[str]:
    """Every literalinclude names a file and, in it, one line to start after and one to end before."""
    found = []
    for page in map(read_page, find_pages(root)):
        for fence in page.fences:
            if fence.directive == "literalinclude":
                place = _place(page.path, fence.line, root)
                found += [f"{place}: {problem}" for problem in _include_problems(page, fence)]
    return found


def _include_problems(page: Page, fence: Fence) -> Iterator[str]:
    path = _target(page, fence)
    if not path.is_file():
        yield f"no file {fence.argument}"
        return
    lines = path.read_text("utf8").splitlines()
    places = {}
    for option in ("start-after", "end-before"):
        text = fence.options.get(option)
        if text == "":
            yield f"{option} is empty: quote a value that starts with #"
        elif text:
            places[option] = [number for number, line in enumerate(lines, 1) if text in line]
            if len(places[option]) != 1:
                yield f"{len(places[option])} lines of {path.name} contain {text!r}, Sphinx takes the first: name one"
    both = len(places) == 2 and all(len(found) == 1 for found in places.values())
    if both and places["start-after"] >= places["end-before"]:
        yield f"{path.name}: the region ends before it starts"
    if len(fence.options.keys() & {"start-after", "end-before"}) == 1:
        yield f"{path.name}: start-after and end-before belong together"


# Words and records


def check_words(root: Path = ROOT) -> list[str]:
    """No word of the list of banned words stands in prose."""
    found = []
    for page in map(read_page, find_pages(root)):
        for line, text in page.prose:
            for match in BANNED.finditer(_CODE_SPAN.sub("", text)):
                found.append(f"{_place(page.path, line, root)}: {match.group()!r}: say a version, a date, or nothing")
    data = root / "book" / "_data"
    for path in sorted([*data.glob("systems/*.toml"), *data.glob("measured/*.toml")]):
        for line, text in enumerate(path.read_text("utf8").splitlines(), 1):
            for match in BANNED.finditer(text):
                found.append(f"{_place(path, line, root)}: {match.group()!r}: say a version, a date, or nothing")
    return found


def check_records(root: Path = ROOT) -> list[str]:
    """Each system has a record of its last run, of the version in its data and of the fences on its page."""
    found = []
    for system, page in _system_pages(root):
        command = f"tox -e doctest-{system.id} -- --update-evidence"
        if not system.record.exists():
            found.append(
                f"{_place(_data(system), 1, root)}: not run: {system.record.relative_to(root).as_posix()} "
                f"is missing; write it with: {command}"
            )
            continue
        place = _place(system.record, 1, root)
        record = json.loads(system.record.read_text("utf8"))
        if record["version"] != system.version:
            found.append(f"{place}: version {record['version']} ran, but the data says {system.version}: {command}")
        counts = record["pages"].get(page.path.relative_to(root).as_posix(), {})
        ran = {label: section["passed"] + len(section["skipped"]) for label, section in counts.items()}
        shown = Counter(_label_above(page, fence) for fence in page.fences if fence.language == "python")
        for label in sorted(ran.keys() | shown.keys()):
            if ran.get(label, 0) != shown[label]:
                found.append(
                    f"{place}: {ran.get(label, 0)} fences of {label!r} are recorded, the page has "
                    f"{shown[label]}: {command}"
                )
    return found


def _label_above(page: Page, fence: Fence) -> str:
    """The nearest label above *fence*, as the runner names its section."""
    labels = [heading.label for heading in page.headings if heading.line < fence.line and heading.label]
    return labels[-1] if labels else ""


def check_citation_file(root: Path = ROOT) -> list[str]:
    """CITATION.cff names the edition of pyproject.toml."""
    edition = tomllib.loads((root / "pyproject.toml").read_text("utf8"))["project"]["version"]
    found = []
    for number, line in enumerate((root / "CITATION.cff").read_text("utf8").splitlines(), 1):
        match = re.match(r"\s*(version|edition):\s*[\"']?(.*?)[\"']?\s*$", line)
        if match and match[2] != edition:
            found.append(f"CITATION.cff:{number}: {match[1]} {match[2]}, but pyproject.toml says {edition}")
    return found


CHECKS = {
    check.__name__.removeprefix("check_"): check
    for check in (
        check_parts,
        check_orphans,
        check_measured,
        check_criteria,
        check_labels,
        check_diagrams,
        check_shared_job,
        check_traps,
        check_examples_used,
        check_regions,
        check_shown_regions,
        check_words,
        check_records,
        check_citation_file,
    )
}
