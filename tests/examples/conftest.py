"""Tests of a system's examples run in the same sandbox as its page, started once a module."""

from __future__ import annotations

import pytest

from tools.sandbox import EngineError, Leftovers, sandbox
from tools.systems import load_systems


@pytest.fixture(scope="module", autouse=True)
def home(request: pytest.FixtureRequest):
    """The temporary home in which the system's engine may run; the tests of ``examples/workload`` have no engine."""
    folder = request.path.parent.name
    system = next((system for system in load_systems().values() if system.module == folder), None)
    try:
        with sandbox(system, check_tree=request.config.getoption("--check-tree")) as path:
            yield path
    except (Leftovers, EngineError) as error:
        pytest.fail(str(error), pytrace=False)
