"""The adapters of the measuring harness give right answers before anybody times them.

Each is a program of its own: what Modin leaves in a process would be taken over by the next.
"""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

PROGRAM = """
import os, pathlib, sys

from examples.measure.probes import check
from examples.modin import measure

if __name__ == "__main__":
    measure.ROWS = 2_000
    engine = measure.VARIANTS[sys.argv[1]]()
    engine.start(2, pathlib.Path.home())
    try:
        check(engine)
        assert engine.many(len, [b"x" * size for size in (0, 1, 3_000_001)]) == [0, 1, 3_000_001]
        assert engine.one(bytes, 3) == b"..." .replace(b".", b"\\0")
        try:
            engine.many(abs, [-1, "one", -2])
        except TypeError:
            pass
        else:
            raise AssertionError("no exception")
        assert engine.many(abs, list(range(-100, 0))) == list(range(100, 0, -1))
        for name, (unit, take) in engine.extra().items():
            assert unit == "s" and 0 < take() < 60, name
    finally:
        engine.stop()
    print("right")
"""


@pytest.mark.parametrize("variant", ["", "ray"], ids=["dask", "ray"])
def test_answers_are_right(home, variant):
    script = home / "measure.py"
    script.write_text(PROGRAM)
    command = [sys.executable, str(script), variant]
    done = subprocess.run(command, env=os.environ, capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "right"
