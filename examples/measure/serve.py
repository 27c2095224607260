"""The page server of the shared job in a process of its own, so that it shares no GIL with what is measured.

``python -m examples.measure.serve LATENCY`` prints its URL and serves until its standard input closes.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator

from examples.measure.provenance import ROOT
from examples.workload.web import serve


@contextlib.contextmanager
def serving(latency: float, module: str = "examples.measure.serve") -> Iterator[str]:
    """Yield the URL of a server whose answers take *latency* seconds; its process ends with the block.

    *module* is run with the latency in seconds as its argument, and does as this one does.
    Raises :class:`RuntimeError` when it does not start.
    """
    command = [sys.executable, "-m", module, str(latency)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        try:
            url = server.stdout.readline().strip()
            if not url:
                raise RuntimeError(f"the server {module} did not start")
            yield url
        finally:
            server.stdin.close()


if __name__ == "__main__":
    with serve(float(sys.argv[1])) as address:
        print(address, flush=True)
        sys.stdin.read()  # ends when the parent closes the pipe, or ends itself
