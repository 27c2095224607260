"""``log_to_driver=False`` does not silence the raylet: its notices still reach the driver's standard output."""

import subprocess
import sys
import tempfile

SCRIPT = """
import os, sys, time
import ray

ray.init(num_cpus=1, include_dashboard=False, log_to_driver=False, logging_level="ERROR", _temp_dir=sys.argv[1])

@ray.remote(max_retries=1)
def end():
    os._exit(1)

try:
    ray.get(end.remote())
except ray.exceptions.WorkerCrashedError:
    time.sleep(2)  # the notice comes from a thread
ray.shutdown()
"""


def test_notice_of_a_dead_worker_is_printed(home):
    folder = tempfile.mkdtemp(prefix="ray-")
    done = subprocess.run([sys.executable, "-c", SCRIPT, folder], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "(raylet)" in done.stdout
    assert "A worker died or was killed" in done.stdout
