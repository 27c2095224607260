"""Start one library in this process, run the job on each folder, and print what happened as one line of JSON.

``python -m examples.dataframes.run_job pandas HOME FOLDER... [--memory MEGABYTES] [--workers 2]``
"""

from __future__ import annotations

import argparse
import importlib
import json
import time
import warnings
from pathlib import Path

from examples.dataframes.check_answers import rows_of
from examples.dataframes.start_engines import ENGINES


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("engine", choices=ENGINES)
    parser.add_argument("home", type=Path)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--memory", type=int)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    began = time.perf_counter()
    module, start = ENGINES[options.engine]
    with start(options.home, options.workers, options.memory):
        join = importlib.import_module(f"examples.dataframes.{module}").join
        started = time.perf_counter()
        jobs = []
        for folder in options.folders:
            began_job = time.perf_counter()
            table = join(folder)
            seconds = time.perf_counter() - began_job
            dtypes = {name: str(dtype) for name, dtype in table.dtypes.items()}
            jobs.append({"seconds": seconds, "rows": rows_of(table), "dtypes": dtypes})
    print(json.dumps({"start": started - began, "jobs": jobs}), flush=True)


if __name__ == "__main__":
    main()
