"""The CPU shape of the shared job in a plain loop, in an interpreter that has imported no engine.

``python -m examples.measure.plain BATCHES READINGS`` prints the seconds that the loop took.
An engine that lives in the measured process slows a plain loop there, so the baseline runs without one.
"""

import subprocess
import sys
import time

from examples.measure.provenance import ROOT
from examples.workload.inspection import inspect_batch


def in_fresh_interpreter(batches: int, readings: int) -> float:
    """Return the seconds of the loop over *batches* batches of *readings* readings; the start is not counted.

    Raises :class:`subprocess.CalledProcessError` when the interpreter fails.
    """
    command = [sys.executable, "-m", "examples.measure.plain", str(batches), str(readings)]
    ended = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return float(ended.stdout)


def main(batches: str, readings: str) -> None:
    """Print the seconds of the loop."""
    numbers = range(int(batches))
    began = time.perf_counter()
    for number in numbers:
        inspect_batch(number, int(readings))
    print(time.perf_counter() - began)


if __name__ == "__main__":
    main(*sys.argv[1:])
