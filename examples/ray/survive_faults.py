"""What a driver sees when processes die around its tasks; each effect is a mark in a file.

The functions below the deeds run in the driver; ``tests/examples/ray/test_drills.py`` calls them there.
"""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy
import psutil
import ray
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy


def mark(log: Path) -> int:
    """Take effect once more, and return how often that was."""
    with log.open("a") as file:
        file.write("x")
    return count(log)


def count(log: Path) -> int:
    """Return how often an effect took place."""
    return log.stat().st_size if log.exists() else 0


# region deeds
@ray.remote
def wait_then_mark(log: Path, seconds: float) -> str:
    """Say which process this is, and take effect at the end; the second attempt waits no longer."""
    who = log.with_suffix(".pid")
    first = not who.exists()
    who.write_text(f"{os.getpid()}\n")
    time.sleep(seconds if first else 0)
    mark(log)
    return "done"


@ray.remote
def mark_then_die(log: Path, times: int) -> str:
    """Take effect, and die before the result is out, *times* times."""
    if mark(log) <= times:
        os.kill(os.getpid(), signal.SIGKILL)
    return "done"


# endregion deeds


@ray.remote
class Account:
    """The same as an actor."""

    def charge(self, log: Path, times: int) -> str:
        if mark(log) <= times:
            os.kill(os.getpid(), signal.SIGKILL)
        return "done"


@ray.remote
def make_array(log: Path) -> numpy.ndarray:
    """Take effect, and leave an object in the store of the node where this runs."""
    mark(log)
    return numpy.ones(200_000)


@ray.remote(resources={"small": 1})
def allocate(log: Path, megabytes: int) -> int:
    """Take effect, and fill memory on the node where there is too little."""
    mark(log)
    block = bytearray(megabytes * 1_000_000)
    time.sleep(60)
    return len(block)


@ray.remote
def allocate_within_limit(log: Path, megabytes: int) -> int:
    """Take effect, and ask for more than the operating system grants this process."""
    import resource

    mark(log)
    in_use = psutil.Process().memory_info().vms
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (in_use + 10_000_000, hard))
    try:
        return len(bytearray(megabytes * 1_000_000))
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


def see(reference: ray.ObjectRef, timeout: float = 120) -> str:
    """Return the result or the name of the exception, as the caller sees it."""
    try:
        result = ray.get(reference, timeout=timeout)
    except ray.exceptions.RayError as error:
        return type(error).__name__
    return result if isinstance(result, str) else type(result).__name__


def connect(address: str) -> None:
    """Become a driver of the cluster at *address*."""
    ray.init(address, log_to_driver=False, logging_level="ERROR")


def kill_worker(log: Path, **options: Any) -> str:
    """Kill the worker process of a task before its effect."""
    reference = wait_then_mark.options(**options).remote(log, 60)
    who = log.with_suffix(".pid")
    _until(lambda: who.exists() and who.read_text().endswith("\n"))
    os.kill(int(who.read_text()), signal.SIGKILL)
    return see(reference)


def die_after_effect(log: Path, times: int, **options: Any) -> str:
    """Run the task that dies after its effect."""
    return see(mark_then_die.options(**options).remote(log, times))


def call_actor(log: Path, **options: Any) -> str:
    """Call the method that dies after its effect."""
    return see(Account.options(num_cpus=0, **options).remote().charge.remote(log, 1))


def lose_node(node_id: str, logs: list[Path], retries: list[int], kill: Callable[[], None]) -> list[str]:
    """Let tasks leave objects on a node, end the node, and ask for the objects."""
    there = NodeAffinitySchedulingStrategy(node_id, soft=True)
    tasks = [make_array.options(max_retries=number, scheduling_strategy=there) for number in retries]
    references = [task.remote(log) for task, log in zip(tasks, logs, strict=True)]
    ray.wait(references, num_returns=len(references), fetch_local=False)
    kill()
    return [see(reference) for reference in references]


def fill_memory(log: Path, **options: Any) -> str:
    """Run the hungry task to its end."""
    return see(allocate.options(**options).remote(log, 10))


def fill_memory_until(log: Path, attempts: int, **options: Any) -> str:
    """Run the hungry task, and give up at its so-many-th attempt."""
    reference = allocate.options(**options).remote(log, 10)
    _until(lambda: count(log) == attempts)
    ray.cancel(reference, force=True)
    return see(reference)


def exceed_limit(log: Path) -> str:
    """Run the task that limits itself."""
    return see(allocate_within_limit.remote(log, 100))


def restart_gcs(gcs: int, log: Path, output: Path) -> dict[str, Any]:
    """Kill the GCS under a running task and an actor, start it again with its own command line, and go on."""
    from examples.ray.keep_tally import Tally

    process = psutil.Process(gcs)
    command, environment, folder = process.cmdline(), process.environ(), process.cwd()
    tally = Tally.options(num_cpus=0).remote()
    before = ray.get(tally.add.remote())
    reference = wait_then_mark.remote(log, 1)
    _until(log.with_suffix(".pid").exists)
    process.kill()
    found = {"task": see(reference), "actor meanwhile": ray.get(tally.add.remote()) - before}
    with output.open("w") as file:
        again = subprocess.Popen(command, env=environment, cwd=folder, stdout=file, stderr=subprocess.STDOUT)
    found["new actor"] = ray.get(Tally.options(num_cpus=0).remote().add.remote(), timeout=120)
    found["actor after"] = ray.get(tally.add.remote()) - before
    assert again.poll() is None
    return found


def outlive_gcs(gcs: int, log: Path) -> None:
    """Kill the GCS under a running task, get its result, and ask for what only a GCS can give."""
    reference = wait_then_mark.remote(log, 1)
    _until(log.with_suffix(".pid").exists)
    psutil.Process(gcs).kill()
    log.with_suffix(".seen").write_text(see(reference))
    see(Account.options(num_cpus=0).remote().charge.remote(log.with_suffix(".never"), 0))


def find_node(resource: str) -> str:
    """Return the id of the living node that has a resource."""
    return next(node["NodeID"] for node in ray.nodes() if node["Alive"] and resource in node["Resources"])


def wait_until_dead(resource: str) -> None:
    """Return when the cluster has noticed that no living node has a resource."""
    _until(lambda: not any(node["Alive"] and resource in node["Resources"] for node in ray.nodes()))


def _until(ready: Callable[[], Any], seconds: float = 200) -> None:
    deadline = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds} s")
        time.sleep(0.02)
