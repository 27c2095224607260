"""Adapter for the measuring harness: long-lived processes behind pipes, and the tasks dealt out before any runs.

No queue, no thread, no scheduler, no retry: what an engine costs beyond this, it costs for what it does more.
The probes of its own say what the machine itself gives, and what measuring costs.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import os
import pickle
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

#: Tasks in one sample of the probe that sends each task in a message of its own.
MESSAGES = 1_000
#: Bytes that the probes of copying and pickling handle, and the work of the probe of capacity (about 0.2 s each).
LARGE, LOOPS, HASHES = 10**8, 4_000_000, 400_000
#: Round trips, and pairs of readings of the clock, in one sample.
TRIPS, READINGS = 200, 10_000
#: Seconds that a worker has to end by itself.
GRACE = 5

Request = tuple[Callable[..., Any], list[tuple[Any, ...]]]


class Worker:
    """One process that answers requests in the order in which they are sent."""

    def __init__(self) -> None:
        from examples.measure.provenance import ROOT

        path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
        self.process = subprocess.Popen(
            [sys.executable, "-m", "examples.baseline.answer_calls"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": path},
        )

    def send(self, request: Request) -> None:
        """Send a request; its answer has to be received before the next."""
        pickle.dump(request, self.process.stdin, protocol=5)
        self.process.stdin.flush()

    def receive(self) -> tuple[list[Any] | None, Exception | None]:
        """Return the results, or the exception.  Raises :class:`RuntimeError` when the process has ended."""
        try:
            return pickle.load(self.process.stdout)
        except EOFError:
            raise RuntimeError("baseline: a worker ended before it answered") from None

    def stop(self) -> None:
        """Close the pipes, which ends the process; kill one that goes on with a task."""
        for pipe in (self.process.stdout, self.process.stdin):
            with contextlib.suppress(BrokenPipeError):  # an unsent request to a worker that ended
                pipe.close()
        try:
            self.process.wait(GRACE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Adapter:
    """Plain processes behind pipes, each dealt its share of the tasks in one message."""

    system = "baseline"
    packages = ()
    import_name = "subprocess"

    def __init__(self) -> None:
        self.workers: list[Worker] = []

    def start(self, workers: int, home: Path) -> None:
        """Start the processes; each is ready when it answers its first request."""
        for _ in range(workers):
            self.workers.append(Worker())

    def stop(self) -> None:
        """Stop every process."""
        while self.workers:
            self.workers.pop().stop()

    def one(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Let the first process run one task."""
        return self._ask([(function, [arguments])])[0][0]

    def many(self, function: Callable[[Any], Any], arguments: list[Any]) -> list[Any]:
        """Deal the arguments out like cards, one message a process, and put the results in order."""
        shares = [arguments[first :: len(self.workers)] for first in range(len(self.workers))]
        answers = self._ask([(function, [(argument,) for argument in share]) for share in shares])
        results: list[Any] = [None] * len(arguments)
        for first, answer in enumerate(answers):
            results[first :: len(self.workers)] = answer
        return results

    def shared(self, payload: bytes) -> AbstractContextManager[Callable[[], int]]:
        """Place *payload* in shared memory; the process attaches to it by name."""
        from examples.measure.shared import shared_memory

        return shared_memory(self.one, payload)

    def extra(self) -> dict[str, tuple[str, Callable[[], float]]]:
        """Return what explains other systems' numbers: the machine itself, and the cost of measuring."""
        return {
            "task_cost.unbatched": ("s", self._message),
            "machine.pipe": ("s", pipe_round_trip),
            "machine.fork": ("s", fork_and_wait),
            "machine.copy.100MB": ("s", lambda: _seconds_with(bytes, bytearray(b"x") * LARGE)),
            "machine.dumps.100MB": ("s", lambda: _seconds_with(_dumps, b"x" * LARGE)),
            "machine.loads.100MB": ("s", lambda: _seconds_with(pickle.loads, _dumps(b"x" * LARGE))),
            "machine.capacity": ("", lambda: self._capacity(count, LOOPS)),
            "machine.capacity.hash": ("", lambda: self._capacity(digest, HASHES)),
            "overhead.clock": ("s", clock_pair),
            "overhead.sample": ("s", empty_sample),
            "overhead.collect": ("s", lambda: _seconds(gc.collect)),
        }

    def _ask(self, requests: list[Request]) -> list[list[Any]]:
        """Send a request to each of the first processes, then receive every answer, then raise the first exception."""
        asked: list[Worker] = []
        try:
            for worker, request in zip(self.workers, requests, strict=False):
                worker.send(request)
                asked.append(worker)
        finally:  # an answer that stays in its pipe would be taken for that to the next request
            answers = [worker.receive() for worker in asked]
        for _, error in answers:
            if error is not None:
                raise error
        return [results for results, _ in answers]

    def _message(self) -> float:
        """Seconds a task when each is a message of its own, one at a time in every process."""
        from examples.measure.tasks import nothing

        requests = [(nothing, [()])] * len(self.workers)
        rounds = MESSAGES // len(self.workers)
        return _seconds(lambda: [self._ask(requests) for _ in range(rounds)]) / (rounds * len(self.workers))

    def _capacity(self, loop: Callable[[int], Any], size: int) -> float:
        """How many times the work of one process all of them do side by side, in the same time."""
        alone = _seconds(lambda: self._ask([(loop, [(size,)])]))
        together = _seconds(lambda: self._ask([(loop, [(size,)])] * len(self.workers)))
        return len(self.workers) * alone / together


def count(loops: int) -> int:
    """Count to *loops* in Python."""
    total = 0
    for _ in range(loops):
        total += 1
    return total


def digest(iterations: int) -> bytes:
    """Hash in C, without Python's objects: what a machine gives to code that needs no memory."""
    return hashlib.pbkdf2_hmac("sha256", b"", b"", iterations)


def pipe_round_trip() -> float:
    """Seconds for one byte to another process and back, through two pipes of the operating system."""
    to_child, from_child = os.pipe(), os.pipe()
    child = os.fork()
    if not child:
        try:
            os.close(to_child[1])
            while octet := os.read(to_child[0], 1):
                os.write(from_child[1], octet)
        finally:
            os._exit(0)
    os.close(to_child[0])
    os.close(from_child[1])

    def trip() -> None:
        os.write(to_child[1], b"x")
        os.read(from_child[0], 1)

    try:
        trip()
        return _seconds(lambda: [trip() for _ in range(TRIPS)]) / TRIPS
    finally:
        os.close(to_child[1])
        os.close(from_child[0])
        os.waitpid(child, 0)


def fork_and_wait() -> float:
    """Seconds to fork this process and wait for the end of the child, which does nothing."""

    def fork() -> None:
        child = os.fork()
        if not child:
            os._exit(0)
        os.waitpid(child, 0)

    return _seconds(fork)


def clock_pair() -> float:
    """Seconds of the two readings of the clock that enclose each sample."""

    def read() -> None:
        for _ in range(READINGS):
            time.perf_counter()
            time.perf_counter()

    return _seconds(read) / READINGS


def empty_sample() -> float:
    """Seconds that a sample of a call that does nothing reads, taken as every probe takes its own."""
    from examples.measure.probe import EFFORTS, Plan

    plan = Plan("baseline", {}, workers=1, cores=1, effort=EFFORTS["quick"], home=Path())
    return plan.seconds(lambda: None)


def _dumps(payload: Any) -> bytes:
    return pickle.dumps(payload, protocol=5)


def _seconds(call: Callable[[], Any]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def _seconds_with(call: Callable[[Any], Any], argument: Any) -> float:
    """Seconds of *call* alone; the argument was made before."""
    return _seconds(lambda: call(argument))


VARIANTS = {"": Adapter}
