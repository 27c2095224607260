"""Every record of a worker reaches the handlers of the caller."""

from __future__ import annotations

import logging
import subprocess
import sys
from multiprocessing import get_all_start_methods
from pathlib import Path

import pytest

SCRIPT = """
import logging, sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from examples.patterns.log_from_workers import inspect, log_queue, log_to

if __name__ == "__main__":
    context = get_context(sys.argv[1])
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(logging.Formatter("%(processName)s %(name)s %(levelname)s %(message)s"))
    with log_queue(handler, context=context) as records:
        with ProcessPoolExecutor(2, context, log_to, (records,)) as pool:
            assert list(pool.map(inspect, range(50))) == list(range(50))
"""


@pytest.mark.parametrize("method", get_all_start_methods())
def test_no_record_is_lost(tmp_path: Path, method: str) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    ended = subprocess.run([sys.executable, script, method], capture_output=True, text=True, timeout=120)
    assert ended.stderr == ""
    lines = [line.split(maxsplit=1) for line in ended.stdout.splitlines()]
    assert sorted(text for _, text in lines) == sorted(f"inspection INFO item {number}" for number in range(50))
    assert "MainProcess" not in {name for name, _ in lines}


def test_the_level_of_a_handler_counts(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        SCRIPT.replace("handler.setFormatter", "handler.setLevel(logging.WARNING)\n    handler.setFormatter")
    )
    ended = subprocess.run([sys.executable, script, "spawn"], capture_output=True, text=True, timeout=120)
    assert (ended.stdout, ended.stderr) == ("", "")
    assert logging.getLogger().level != logging.INFO  # of this process
