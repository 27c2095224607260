"""Write the files of a new system: ``tox -e new-system -- NAME --part PART``.

NAME is the id, such as ``aws-lambda``.  The result is a chapter of placeholders whose tests pass, to be replaced one
section after the other.  It changes no file of another system; ``book/_data/ids.lock`` gets the new ids.
"""

from __future__ import annotations

import argparse
import json
import platform
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from string import Template

from tools.systems import GENERAL, ROOT, DataError, Subject, System, load_groups, load_subjects, load_systems

TEMPLATES = Path(__file__).resolve().parent / "system_template"
ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


class ScaffoldError(ValueError):
    """The system cannot be written; the message says why."""


def find_parts(root: Path) -> list[str]:
    """Return the parts of the book that hold systems, as the schema of the data lists them."""
    schema = json.loads((root / "book" / "_data" / "schema" / "system.json").read_text("utf8"))
    return schema["properties"]["part"]["enum"]


def plan_files(system: System) -> dict[Path, str]:
    """Return each file to write and the template it comes from."""
    data = system.root / "book" / "_data"
    return {
        system.page: "page.md.txt",
        data / "systems" / f"{system.id}.toml": "data.toml.txt",
        data / "sources" / f"{system.id}.bib": "sources.bib.txt",
        system.root / "diagrams" / system.id / "architecture.puml": "architecture.puml.txt",
        system.examples / "__init__.py": "examples_init.py.txt",
        system.examples / "run_shared_job.py": "run_shared_job.py.txt",
        system.examples / "trap_send_lambda.py": "trap_send_lambda.py.txt",
        system.examples / "trap_reuse_generator.py": "trap_reuse_generator.py.txt",
        system.engine: "engine.py.txt",
        system.tests / "test_examples.py": "test_examples.py.txt",
    }


def scaffold(system: System) -> list[Path]:
    """Write the files of *system* and return them.  Raises :class:`ScaffoldError` before anything is written."""
    parts = find_parts(system.root)
    if not ID.fullmatch(system.id) or system.id == GENERAL:
        raise ScaffoldError(
            f"{system.id!r} is no id: lower-case words and digits with single hyphens, such as aws-batch"
        )
    if system.part not in parts:
        raise ScaffoldError(f"no part {system.part!r}; there are: {', '.join(parts)}")
    files = plan_files(system)
    subject = load_subjects(system.root).get(system.id)
    if subject:  # measured already: the package of its examples is there
        files = {
            path: template
            for path, template in files.items()
            if path != system.examples / "__init__.py" or not path.exists()
        }
    if existing := [path for path in files if path.exists()]:
        raise ScaffoldError(f"{existing[0].relative_to(system.root)}: exists; {system.id!r} is taken")
    values = _make_values(system)
    for path, template in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(Template((TEMPLATES / template).read_text("utf8")).substitute(values), "utf8")
    if subject:
        _move_tables(subject, system)
    return list(files)


def _move_tables(subject: Subject, system: System) -> None:
    """Move the titles of probes and the labels of variants to the data of the chapter; one id stands in one file."""
    text = subject.data.read_text("utf8")
    tables = [table for table in re.split(r"(?m)^(?=\[)", text) if table.startswith(("[variants]", "[probes]"))]
    target = system.root / "book" / "_data" / "systems" / f"{system.id}.toml"
    head, card, tail = target.read_text("utf8").partition("[card]")
    target.write_text(head + "".join(f"{table.rstrip()}\n\n" for table in tables) + card + tail, "utf8")
    subject.data.unlink()


def _make_values(system: System) -> dict[str, str | int]:
    orders = [0]
    for other in load_systems(system.root).values():
        if other.part == system.part:
            text = (system.root / "book" / "_data" / "systems" / f"{other.id}.toml").read_text("utf8")
            orders.append(tomllib.loads(text).get("order", 0))
    standard = system.distribution == "stdlib"
    return {
        "id": system.id,
        "name": system.name,
        "module": system.module,
        "part": system.part,
        "order": max(orders) + 1,
        "distribution": system.distribution,
        "version": system.version,
        "license": "PSF-2.0" if standard else "to be written",
        "homepage": "https://docs.python.org/3/library/"
        if standard
        else f"https://pypi.org/project/{system.distribution}/",
    }


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="tox -e new-system --", description=__doc__.partition("\n")[0])
    parser.add_argument("id", metavar="NAME", help="id of the system, such as aws-lambda")
    parser.add_argument("--part", required=True, help=", ".join(find_parts(ROOT)))
    parser.add_argument("--title", help="name as prose writes it (default: NAME)")
    parser.add_argument(
        "--distribution", default="stdlib", help="name on PyPI, stdlib or service (default: %(default)s)"
    )
    parser.add_argument("--version", help="the version that the chapter runs (default for stdlib: that of this Python)")
    options = parser.parse_args(arguments)
    standard = options.distribution == "stdlib"
    if options.version is None and not standard:
        parser.error(f"--distribution {options.distribution} needs --version")
    version = options.version or ".".join(platform.python_version_tuple()[:2])
    system = System(options.id, options.title or options.id, options.part, options.distribution, version)
    try:
        files = scaffold(system)
    except (ScaffoldError, DataError) as error:
        print(f"tools.new_system: {error}", file=sys.stderr)
        return 2
    for path in files:
        print(path.relative_to(ROOT))
    code = subprocess.run([sys.executable, "-m", "tools.ids", "--update"], cwd=ROOT).returncode
    return code or record_evidence(system)


def record_evidence(system: System) -> int:
    """Run the new examples for their first record, or say how, where their environment does not exist yet."""
    if system.distribution == "stdlib":
        command = [sys.executable, "-m", "tools.doctest_system", system.id, "--update-evidence", "-q"]
        return subprocess.run(command, cwd=ROOT).returncode
    if system.distribution != "service" and system.id not in load_groups():
        print(f"\nNext, add the group: uv add --group {system.id} {system.distribution}=={system.version}")
    print(f"Then run it for its first record: tox -e doctest-{system.id} -- --update-evidence")
    return 0


if __name__ == "__main__":
    sys.exit(main())
