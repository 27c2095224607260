"""A standalone cluster on this machine: master and workers, each a process of its own, over the loopback interface."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import psutil
import pyspark

#: Two names of one interface: Spark runs no second copy of a task on the host of the first.
HOST, HOSTS = "127.0.0.1", ("127.0.0.1", "localhost")
#: Seconds that a process of the cluster has to do what it is told.
PATIENCE = 60


class Cluster:
    """A master, which remembers what it knows in a folder, and as many workers as are started."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port, self.web = free_ports(2)
        self.url = f"spark://{HOST}:{self.port}"
        self.processes: dict[str, subprocess.Popen] = {}

    # region commands
    def start_master(self) -> None:
        """Start the master; at a second start it reads what the first one wrote down."""
        arguments = ["--host", HOST, "--port", str(self.port), "--webui-port", str(self.web)]
        self._start("master", "org.apache.spark.deploy.master.Master", *arguments)

    def start_worker(self, name: str, host: str = HOST) -> None:
        """Start a worker that offers one core and half a gigabyte."""
        offer = ["--cores", "1", "--memory", "512m", "--work-dir", str(self.folder / name)]
        arguments = ["--host", host, "--webui-port", "0", *offer, self.url]
        self._start(name, "org.apache.spark.deploy.worker.Worker", *arguments)

    def _start(self, name: str, role: str, *arguments: str) -> None:
        command = [str(Path(pyspark.__path__[0], "bin", "spark-class")), role, *arguments]
        recovery = f"-Dspark.deploy.recoveryMode=FILESYSTEM -Dspark.deploy.recoveryDirectory={self.folder / 'recovery'}"
        environment = {"SPARK_LOCAL_IP": HOST, "SPARK_DAEMON_MEMORY": "128m", "SPARK_DAEMON_JAVA_OPTS": recovery}
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                command, env=os.environ | environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )

    # endregion commands

    def status(self) -> dict:
        """Return what the web page of the master says, as data."""
        with urlopen(f"http://{HOST}:{self.web}/json/", timeout=PATIENCE) as answer:
            return json.load(answer)

    def has(self, workers: int) -> bool:
        """Return whether the master answers, is in charge and has that many living workers."""
        try:
            found = self.status()
        except (OSError, ValueError):  # nobody answers, or nobody who knows
            return False
        return found["status"] == "ALIVE" and found["aliveworkers"] == workers

    def kill(self, name: str) -> None:
        """End a process of the cluster without a warning."""
        process = self.processes.pop(name)
        process.send_signal(signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        """End the workers, then the master, and whatever they started."""
        family = []
        for process in reversed(self.processes.values()):
            with contextlib.suppress(psutil.NoSuchProcess):
                family += psutil.Process(process.pid).children(recursive=True)
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        _, alive = psutil.wait_procs(family, timeout=10)
        for process in alive:
            process.kill()
        self.processes.clear()


@contextlib.contextmanager
def start_cluster(folder: Path) -> Iterator[Cluster]:
    """Run a cluster with two workers until the block ends."""
    (folder / "recovery").mkdir(parents=True)
    cluster = Cluster(folder)
    try:
        cluster.start_master()
        for number, host in enumerate(HOSTS):
            cluster.start_worker(f"worker-{number}", host)
        wait_for(lambda: cluster.has(workers=len(HOSTS)))
        yield cluster
    finally:
        cluster.stop()


def wait_for(ready: Callable[[], bool], patience: float = PATIENCE) -> None:
    """Return when *ready* says so.  Raises :class:`TimeoutError` when it does not."""
    deadline = time.monotonic() + patience
    while not ready():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not ready within {patience} s")
        time.sleep(0.1)


def free_ports(count: int) -> list[int]:
    """Return ports of the loopback interface that nobody listens on."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind((HOST, 0))
        return [one.getsockname()[1] for one in sockets]
