"""tox plugin: environments of systems, read from ``book/_data/systems/*.toml`` and ``book/_data/measured/*.toml``.

``doctest-<id>`` runs the examples of a system, or of a subject that has a page; ``measure-<id>`` measures what has an
adapter for the harness.
They inherit the runner, the passed variables and the rest from ``[testenv]`` in tox.ini; here stands only what differs.
Adding a system's files adds its environments.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from tox.config.loader.memory import MemoryLoader
from tox.config.sets import ConfigSet
from tox.config.types import Command
from tox.plugin import impl
from tox.report import HandledError
from tox.session.state import State

sys.path.insert(0, str(Path(__file__).resolve().parent))

from tools.systems import GENERAL, DataError, Subject, System, load_groups, load_subjects, load_systems

#: ``tox -e doctest-ray-py313`` runs another interpreter; without the factor it is the one that runs tox.
PYTHONS = ["", "-py311", "-py312", "-py313", "-py314"]


#: What a measuring run may see of the reader's environment: the addresses of clusters, and the harness's own settings.
MEASURE_PASS_ENV = ["CI", "UV_*", "PPM_*", "*_ADDRESS", "*_MASTER", "*_BROKER_URL", "JAVA_HOME", "COLUMNS"]

#: Seconds that an interrupted measurement has to stop its engines; tox's own third of a second would leave them behind.
PATIENCE = 60.0


def read_systems() -> tuple[dict[str, System], dict[str, Subject]]:
    """Return the systems, and what is measured without a chapter; a broken file ends tox with its message alone."""
    try:
        return load_systems(), load_subjects()
    except DataError as error:
        raise HandledError(f"toxfile.py: {error}") from None


def plan_environments() -> Iterator[tuple[str, str, str, list[str]]]:
    """Yield name, id of the system, description and command of every environment of a system."""
    systems, subjects = read_systems()
    for system in [*systems.values(), *(subject for subject in subjects.values() if subject.part)]:
        yield (
            f"doctest-{system.id}",
            system.id,
            f"run the examples of {system.name}",
            ["python", "-m", "tools.doctest_system", system.id],
        )
    yield (
        f"doctest-{GENERAL}",
        GENERAL,
        "run the examples of the pages that belong to no system",
        ["python", "-m", "tools.doctest_system", GENERAL],
    )
    for subject in {**subjects, **systems}.values():
        if (subject.examples / "measure.py").exists():
            yield (
                f"measure-{subject.id}",
                subject.id,
                f"measure {subject.name} on this machine: build/measurements/",
                ["python", "-m", "examples.measure", "run", subject.id],
            )


@impl
def tox_extend_envs() -> Iterable[str]:
    return [name for name, *_ in plan_environments()]


@impl
def tox_add_core_config(core_conf: ConfigSet, state: State) -> None:
    groups = load_groups()
    arguments = state.conf.pos_args(None) or ()
    for name, identifier, description, command in plan_environments():
        measuring = name.startswith("measure-")
        settings = {"pass_env": MEASURE_PASS_ENV, "interrupt_timeout": PATIENCE} if measuring else {}
        for python in PYTHONS:
            state.conf.memory_seed_loaders[name + python].append(
                MemoryLoader(
                    description=description,
                    dependency_groups={"examples", *({identifier} & groups)},
                    commands=[Command([*command, *arguments])],
                    **settings,
                )
            )
    # tox runs tox: the inner one must be the Python that has it, not that of the environment.
    for name, settings in {"doctest": {}, "measure": {"interrupt_timeout": 2 * PATIENCE}}.items():
        command = ["python", "-m", f"tools.{name}_all", "--tox", sys.executable, *arguments]
        state.conf.memory_seed_loaders[name].append(MemoryLoader(commands=[Command(command)], **settings))
