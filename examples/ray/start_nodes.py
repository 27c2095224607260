"""A cluster of several nodes on one machine, by the commands of real hosts, and an end that spares every other Ray.

Linux answers at every address that begins with 127, so each node has a loopback address of its own.  (Ray replaces
127.0.0.1 by the machine's address in the network.)
"""

import os
import secrets
import socket
import subprocess
import sys
from pathlib import Path

import psutil

#: In the environment of every process of a cluster: ``ray stop`` would end every Ray of this machine.
CLUSTER, NODE = "PPM_RAY_CLUSTER", "PPM_RAY_NODE"


def free_port() -> int:
    """Return a port that nobody uses."""
    with socket.socket() as free:
        free.bind(("127.0.0.2", 0))
        return free.getsockname()[1]


def agent_ports() -> list[str]:
    """Return options that give a node's agents their ports.

    Otherwise the raylet waits until they have found some, gives up after 15 s, and on a busy machine that happens.
    """
    names = (
        "dashboard-agent-grpc-port",
        "dashboard-agent-listen-port",
        "metrics-export-port",
        "runtime-env-agent-port",
    )
    return [f"--{name}={free_port()}" for name in names]


class Nodes:
    """Nodes with one logical CPU each; the first to start is the head."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.started = 0
        self.port = free_port()
        self.address = f"127.0.0.2:{self.port}"
        # A driver needs these too: Ray's servers listen on every interface and ask for the token.
        self.settings = settings | {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}

    # region start
    def start(self, name: str, **settings: str) -> None:
        """Start a node and return when it belongs to the cluster."""
        if not self.started:
            role = ["--head", f"--port={self.port}", f"--temp-dir={self.folder}"]
            role += ["--include-dashboard=false"]
        else:
            role = [f"--address={self.address}"]
        options = [f"--node-ip-address=127.0.0.{self.started + 2}", *agent_ports()]
        options += ["--num-cpus=1", f'--resources={{"{name}": 1}}']
        options += ["--object-store-memory=100000000"]
        marks = {CLUSTER: str(self.folder), NODE: name}
        output = self.folder / f"{name}.out"
        with output.open("w") as file:
            done = subprocess.run(
                [Path(sys.executable).with_name("ray"), "start", *role, *options],
                env=os.environ | self.settings | settings | marks,
                stdout=file,
                stderr=subprocess.STDOUT,
            )
        if done.returncode:
            raise RuntimeError(output.read_text())
        self.started += 1

    # endregion start

    def processes(self, name: str = "") -> list[psutil.Process]:
        """Return the processes of a node, or of all of them: those that have its mark in their environment."""
        wanted = {CLUSTER: str(self.folder)} | ({NODE: name} if name else {})
        found = []
        for process in psutil.process_iter():
            try:
                if wanted.items() <= process.environ().items():
                    found.append(process)
            except psutil.Error:
                continue  # it ended meanwhile, or belongs to somebody else
        return found

    def kill(self, name: str = "") -> None:
        """Kill a node, or all of them, as a machine that loses its power."""
        while processes := self.processes(name):  # a raylet may start another worker before its turn comes
            for process in processes:
                process.kill()
            psutil.wait_procs(processes, timeout=10)

    def gcs(self) -> psutil.Process:
        """Return the process of the GCS."""
        return next(process for process in self.processes() if process.name() == "gcs_server")
