"""How long a pool takes from nothing to its first result, by the way in which it starts its processes.

``python -m examples.multiprocessing.start_pool METHOD WORKERS`` prints the seconds; a fresh interpreter each time,
because the fork server, once started, serves later pools of the same program.
"""

from __future__ import annotations

import subprocess
import sys
import time


def in_fresh_interpreter(method: str, workers: int) -> float:
    """Return the seconds from asking for a pool of *workers* to the result of its first task.

    *method* is ``fork``, ``forkserver`` or ``spawn``.  Raises :class:`subprocess.CalledProcessError` when it fails.
    """
    from examples.measure.provenance import ROOT

    command = [sys.executable, "-m", "examples.multiprocessing.start_pool", method, str(workers)]
    ended = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return float(ended.stdout)


def main(method: str, workers: str) -> None:
    """Print the seconds."""
    import multiprocessing

    began = time.perf_counter()
    with multiprocessing.get_context(method).Pool(int(workers)) as pool:
        if pool.apply(abs, (-1,)) != 1:
            raise SystemExit("start_pool: wrong answer")
        print(time.perf_counter() - began)


if __name__ == "__main__":
    main(*sys.argv[1:])
