"""Run tox from a fresh clone: ``python3 bootstrap.py -e html,pdf``.

Needs Python 3.11 or newer with ``venv`` and pip, nothing else.
Creates ``.venv`` with tox, tox-uv and uv, pinned with hashes in requirements-tox.txt, then hands every argument to tox.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENV = ROOT / ".venv"
SCRIPTS = ENV / ("Scripts" if os.name == "nt" else "bin")
PINS = ROOT / "requirements-tox.txt"
STAMP = ENV / "requirements-tox.txt"


def find_obstacle() -> str | None:
    """Return what keeps this Python from creating the environment, or None."""
    if sys.version_info < (3, 11):  # noqa: UP036 - the one file that an older Python may start
        return f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}"
    if importlib.util.find_spec("ensurepip") is None:
        return "this Python comes without ensurepip; on Debian: apt install python3-venv"
    return None


def create_environment() -> None:
    """Create ``.venv`` anew; the stamp is written last, so that an interrupted run starts over."""
    print("bootstrap.py: setting up .venv with tox and uv …", flush=True)
    venv.EnvBuilder(with_pip=True, clear=True).create(ENV)
    pip = [SCRIPTS / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--require-hashes", "-r", PINS], check=True)
    STAMP.write_bytes(PINS.read_bytes())


def main(arguments: list[str]) -> int:
    """Run tox with *arguments* and return its exit status."""
    if not STAMP.exists() or STAMP.read_bytes() != PINS.read_bytes():
        if obstacle := find_obstacle():
            print(f"bootstrap.py: {obstacle}", file=sys.stderr)
            return 2
        try:
            create_environment()
        except subprocess.CalledProcessError as error:
            print(f"bootstrap.py: .venv could not be set up: exit status {error.returncode}", file=sys.stderr)
            return 1
    environment = os.environ | {"PATH": f"{SCRIPTS}{os.pathsep}{os.environ.get('PATH', '')}"}
    try:
        return subprocess.run([SCRIPTS / "tox", *arguments], cwd=ROOT, env=environment).returncode
    except KeyboardInterrupt:
        return 130  # tox ended its environments and said so


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
