"""tox plugin: one environment a system, ``doctest-<id>``, read from ``book/_data/systems/*.toml``.

Environments inherit the runner, the passed variables and the rest from ``[testenv]`` in tox.ini; here stands only what
differs.  Adding a system's files adds its environment.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from tox.config.loader.memory import MemoryLoader
from tox.config.sets import ConfigSet
from tox.config.types import Command
from tox.plugin import impl
from tox.report import HandledError
from tox.session.state import State

sys.path.insert(0, str(Path(__file__).resolve().parent))

from tools.systems import GENERAL, DataError, System, load_groups, load_systems

PREFIX = "doctest-"

#: ``tox -e doctest-ray-py313`` runs another interpreter; without the factor it is the one that runs tox.
PYTHONS = ["", "-py311", "-py312", "-py313", "-py314"]


def read_systems() -> dict[str, System]:
    """Return the systems; a broken data file ends tox with its message alone."""
    try:
        return load_systems()
    except DataError as error:
        raise HandledError(f"toxfile.py: {error}") from None


@impl
def tox_extend_envs() -> Iterable[str]:
    return [PREFIX + identifier for identifier in [*read_systems(), GENERAL]]


@impl
def tox_add_core_config(core_conf: ConfigSet, state: State) -> None:
    groups = load_groups()
    systems = read_systems()
    names = {identifier: system.name for identifier, system in systems.items()}
    names[GENERAL] = "the pages that belong to no system"
    arguments = state.conf.pos_args(None) or ()
    for identifier, name in names.items():
        for python in PYTHONS:
            state.conf.memory_seed_loaders[PREFIX + identifier + python].append(
                MemoryLoader(
                    description=f"run the examples of {name}",
                    dependency_groups={"examples", *({identifier} & groups)},
                    commands=[Command(["python", "-m", "tools.doctest_system", identifier, *arguments])],
                )
            )
    # tox runs tox: the inner one must be the Python that has it, not that of the environment.
    state.conf.memory_seed_loaders["doctest"].append(
        MemoryLoader(commands=[Command(["python", "-m", "tools.doctest_all", "--tox", sys.executable, *arguments])])
    )
