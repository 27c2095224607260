"""What the page on the GIL says of interpreters before 3.14, with the private module of 3.12 and 3.13."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from examples.foundations.count_meanwhile import count_meanwhile
from examples.foundations.describe_gil import is_gil_enabled

PROGRAM = """\
import time
end = time.monotonic() + 0.5
while time.monotonic() < end:
    pass
"""

pytestmark = [
    pytest.mark.skipif(sys.version_info < (3, 12), reason="interpreters have a GIL of their own from Python 3.12"),
    pytest.mark.skipif(sys.version_info >= (3, 14), reason="the page itself shows it from Python 3.14"),
    pytest.mark.skipif(not is_gil_enabled(), reason="this Python runs without the GIL"),
]


@pytest.fixture
def run() -> Callable[[str], object]:
    """Run a program in a new interpreter, in the thread that calls."""
    if sys.version_info >= (3, 13):
        import _interpreters as interpreters

        execute = interpreters.exec
    else:
        import _xxsubinterpreters as interpreters

        execute = interpreters.run_string
    identifier = interpreters.create()
    yield lambda program: execute(identifier, program)
    interpreters.destroy(identifier)


def test_an_interpreter_that_computes_leaves_the_others_their_turns(run):
    assert count_meanwhile(lambda: run(PROGRAM)) > 0


def test_the_same_program_in_this_interpreter_leaves_none():
    assert count_meanwhile(lambda: exec(PROGRAM, {})) == 0


def test_an_interpreter_has_its_own_modules_and_the_environment_of_the_process(run, monkeypatch):
    monkeypatch.setattr(sys, "primer_mark", "seen", raising=False)
    failure = run("import os, sys; assert not hasattr(sys, 'primer_mark'); assert os.getpid() > 0")
    assert failure is None
