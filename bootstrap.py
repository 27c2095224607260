"""Run tox from a fresh clone: ``python3 bootstrap.py -e html,pdf``.

Needs Python 3.11 or newer with ``venv`` and pip, nothing else.
Creates ``.venv`` with tox, tox-uv and uv, pinned with hashes in requirements-tox.txt, then hands every argument to tox.
"""

import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENV = ROOT / ".venv"
PINS = ROOT / "requirements-tox.txt"
STAMP = ENV / "requirements-tox.txt"


def main(arguments: list[str]) -> int:
    if sys.version_info < (3, 11):  # noqa: UP036 - the one file that an older Python may start
        print(f"bootstrap.py: Python 3.11 or newer is needed, this is {sys.version.split()[0]}", file=sys.stderr)
        return 2
    scripts = ENV / ("Scripts" if os.name == "nt" else "bin")
    if not STAMP.exists() or STAMP.read_bytes() != PINS.read_bytes():
        print("bootstrap.py: setting up .venv with tox and uv …", flush=True)
        venv.EnvBuilder(with_pip=True, clear=True).create(ENV)
        python = scripts / ("python.exe" if os.name == "nt" else "python")
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", PINS],
            check=True,
        )
        STAMP.write_bytes(PINS.read_bytes())
    environment = os.environ | {"PATH": f"{scripts}{os.pathsep}{os.environ.get('PATH', '')}"}
    return subprocess.run([scripts / "tox", *arguments], cwd=ROOT, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
