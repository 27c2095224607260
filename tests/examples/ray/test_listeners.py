"""A switch made for other systems keeps a local Ray on the loopback interface."""

import json
import os
import subprocess
import sys
import tempfile

PROGRAM = """
import json, sys
import ray
from examples.ray.list_listeners import listening_on

ray.init(
    num_cpus=1,
    include_dashboard=False,
    log_to_driver=False,
    logging_level="ERROR",
    _temp_dir=sys.argv[1],
)
found = listening_on()
ray.shutdown()
print(json.dumps({name: sorted(addresses) for name, addresses in found.items()}))
"""


def test_loopback_only(home):
    folder = tempfile.mkdtemp(prefix="ray-")
    environment = os.environ | {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}
    command = [sys.executable, "-c", PROGRAM, folder]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    listeners = json.loads(done.stdout.splitlines()[-1])
    assert sorted(listeners) == ["gcs_server", "raylet"]
    addresses = {address.removeprefix("::ffff:") for found in listeners.values() for address in found}
    assert addresses == {"127.0.0.1"}
