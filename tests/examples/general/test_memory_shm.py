"""What the page on memory says of a /dev/shm that is too small, in a file system of one megabyte of this test's own."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

MOUNT = ["unshare", "--user", "--map-root-user", "--mount"]
SMALL = 'mount -t tmpfs -o size=1m tmpfs /dev/shm && exec "$@"'


def run_with_small_shm(program: str) -> subprocess.CompletedProcess[str]:
    """Run *program* in a Python that sees a /dev/shm of one megabyte."""
    command = [*MOUNT, "sh", "-c", SMALL, "sh", sys.executable, "-c", program]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def can_mount() -> bool:
    try:
        return run_with_small_shm("").returncode == 0
    except FileNotFoundError:
        return False


pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="/dev/shm is a folder of Linux"),
    pytest.mark.skipif(not can_mount(), reason="this machine does not let the test mount a /dev/shm of its own"),
]


def test_writing_beyond_the_end_of_dev_shm_kills_the_process():
    ended = run_with_small_shm(
        "from multiprocessing.shared_memory import SharedMemory\n"
        "block = SharedMemory(create=True, size=4_000_000)\n"
        "print('created', flush=True)\n"
        "block.buf[:] = bytes(4_000_000)\n"
    )
    assert (ended.returncode, ended.stdout) == (-signal.SIGBUS, "created\n")


def test_reserving_the_pages_raises_instead():
    ended = run_with_small_shm(
        "import os\n"
        "from examples.foundations.reserve_shared_memory import reserve_shared_memory\n"
        "try:\n"
        "    reserve_shared_memory(4_000_000)\n"
        "except OSError as error:\n"
        "    print(error.strerror, [name for name in os.listdir('/dev/shm') if name.startswith('psm_')])\n"
    )
    assert (ended.returncode, ended.stdout) == (0, "No space left on device []\n")
