"""Run in a fresh interpreter: import a system, start it, get one result, and print when each was done.

``python -m examples.measure.cold SYSTEM VARIANT WORKERS HOME`` prints one JSON object of seconds since it began.
"""

import sys
import time

began = time.perf_counter()

import importlib  # noqa: E402 - the clock starts before any import of ours
import json  # noqa: E402
from pathlib import Path  # noqa: E402

from examples.measure.adapter import variants  # noqa: E402
from examples.measure.tasks import add  # noqa: E402


def main(system: str, variant: str, workers: str, home: str) -> None:
    """Print ``{"import": s, "start": s, "first_task": s}``, flushed as soon as the first result is there."""
    adapter = variants(system)[variant]()
    before_import = time.perf_counter()
    importlib.import_module(adapter.import_name)
    imported = time.perf_counter()
    adapter.start(int(workers), Path(home))
    started = time.perf_counter()
    if adapter.one(add, 1, 2) != 3:
        raise SystemExit(f"{system}: wrong answer")
    done = time.perf_counter()
    print(json.dumps({"import": imported - before_import, "start": started - imported, "first_task": done - started}))
    sys.stdout.flush()
    adapter.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
