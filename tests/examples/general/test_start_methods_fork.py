"""What the page on start methods says of fork in a process with threads."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no fork on Windows")

WARNING = "is multi-threaded, use of fork() may lead to deadlocks in the child"


def run(*options: str) -> subprocess.CompletedProcess[str]:
    """Fork while another thread holds a lock, in a fresh Python with *options*."""
    command = [sys.executable, *options, "-m", "examples.foundations.trap_fork_with_thread"]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


@pytest.mark.skipif(sys.version_info < (3, 12), reason="os.fork warns from Python 3.12")
def test_fork_with_threads_warns_in_development_mode():
    assert WARNING in run("-X", "dev").stderr


def test_without_that_mode_nothing_is_said():
    assert run().stderr == ""
