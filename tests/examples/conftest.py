"""Tests of a system's examples run in the same sandbox as its page, started once a module."""

from __future__ import annotations

import pytest

from tools.sandbox import EngineError, Leftovers, sandbox
from tools.systems import load_chapters


@pytest.fixture(scope="module", autouse=True)
def home(request: pytest.FixtureRequest):
    """The temporary home in which the system's engine may run; the tests of ``examples/workload`` have no engine."""
    folder = request.path.parent.name
    system = next((system for system in load_chapters().values() if system.module == folder), None)
    try:
        with sandbox(system, check_tree=request.config.getoption("--check-tree")) as path:
            yield path
    except (Leftovers, EngineError) as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture(scope="session", autouse=True)
def _folders_of_tests(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Make the folder of all ``tmp_path`` before the first sandbox: in one, it would go with it and fail the next."""
    tmp_path_factory.getbasetemp()
