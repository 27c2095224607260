"""A worker that is forked from the harness ends at SIGTERM from its first moment: a pool that ends one waits for it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from examples.measure.provenance import ROOT

PROGRAM = """
import os, signal
from examples.measure.__main__ import end_on_sigterm

# Registered first, so it runs in the child before anything that the harness does there.
os.register_at_fork(after_in_child=lambda: os.kill(os.getpid(), signal.SIGTERM))
end_on_sigterm()
child = os.fork()
if not child:
    os._exit(7)  # it was not ended
_, status = os.waitpid(child, 0)
assert os.waitstatus_to_exitcode(status) == -signal.SIGTERM, status
assert signal.pthread_sigmask(signal.SIG_BLOCK, []) == set()
try:
    os.kill(os.getpid(), signal.SIGTERM)
except SystemExit as stop:
    print("stopped", stop.code)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
def test_a_child_ends_at_sigterm_and_the_harness_unwinds():
    command = [sys.executable, "-c", PROGRAM]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (0, "stopped 143\n"), done.stderr
