"""Adapter for the measuring harness: a Redis broker and one worker, with processes or threads in its pool.

Celery is imported in the methods, not here: the harness times its import in a fresh interpreter.
Arguments and results travel as pickles, since the harness sends bytes; users of the default, JSON, send text.
"""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from examples.measure.tasks import nothing

ROOT = Path(__file__).resolve().parents[2]
#: Items that a probe runs in batches, and items in a batch; tasks whose results nobody wants.
ITEMS, BATCH, UNANSWERED = 10_000, 100, 1_000
#: Seconds between two looks of a group's ``get``: Celery's own 0.5 s would be all that a short stream shows.
INTERVAL = 0.01
#: Tasks in the group whose ``get`` is taken with Celery's own interval.
GROUP = 10
#: Seconds that a server has to start or to end, and a reader's worker to answer.
PATIENCE, ANSWER = 60.0, 5.0

Probes = dict[str, tuple[str, Callable[[], float]]]


class Adapter:
    """Redis and one worker of the default pool, prefork; a task for each call, its result fetched from Redis."""

    system = "celery"
    packages = ("celery", "kombu", "billiard", "redis")
    import_name = "celery"
    address_option = "--celery-broker-url"
    address_variable = "CELERY_BROKER_URL"
    pool = "prefork"

    def __init__(self) -> None:
        self.url = ""
        self._app: Any = None
        self._servers: list[subprocess.Popen] = []

    def start(self, workers: int, home: Path) -> None:
        """Start Redis on a free port and a worker with *workers* processes or threads; files stand below *home*."""
        from examples.celery.start_cluster import find_valkey

        self._home = Path(tempfile.mkdtemp(prefix="celery-", dir=home))
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        # Results have a time to live and the queues have none: what is evicted when memory is short are old results.
        limits = ["--maxmemory", "4gb", "--maxmemory-policy", "volatile-ttl", "--save", ""]
        # A result is published, and Valkey cuts off a subscriber to whom 32 MB wait: see trap_large_results.
        limits += ["--client-output-buffer-limit", "pubsub", "0", "0", "0"]
        self._serve([find_valkey(), "--port", str(port), "--bind", "127.0.0.1", *limits])
        self._open(f"redis://127.0.0.1:{port}/0")
        self._wait(self._broker_answers)
        worker = ["worker", "-n", "measured@localhost", "-c", str(workers), "-P", self.pool, "-l", "ERROR"]
        quiet = ["--without-mingle", "--without-gossip", "--without-heartbeat"]
        self._serve([sys.executable, "-m", "celery", "-A", "examples.celery.answer_calls", *worker, *quiet])
        self._wait(lambda: self._app.control.ping(destination=["measured@localhost"], timeout=1))

    def connect(self, address: str, home: Path) -> int:
        """Connect to the broker at *address* and return how many tasks its workers run at once.

        Raises :class:`ConnectionError` when no broker answers there, when no worker does, and when the workers do not
        have the probes' task.
        """
        from kombu.exceptions import KombuError, OperationalError

        self._open(address)
        inspect = self._app.control.inspect(timeout=ANSWER)
        try:
            self._app.connection_for_read().ensure_connection(max_retries=1, timeout=ANSWER)
            statistics = inspect.stats() or {}
            registered = self._app.control.inspect(list(statistics), timeout=ANSWER).registered() if statistics else {}
        except (OSError, KombuError, OperationalError, ValueError, KeyError) as error:
            self.stop()
            raise ConnectionError(f"celery: no broker answers at {address!r}: {error}") from error
        if not statistics:
            self.stop()
            raise ConnectionError(f"celery: no worker answers through the broker at {address!r}")
        if not all("call" in names for names in (registered or {}).values()):
            self.stop()
            raise ConnectionError(
                f"celery: the workers at {address!r} cannot run the probes' tasks; start them with the repository's "
                "root in PYTHONPATH: celery -A examples.celery.answer_calls worker"
            )
        return sum(one["pool"]["max-concurrency"] for one in statistics.values())

    def stop(self) -> None:
        """Close the connections, then end the worker and Redis if they were started here."""
        if self._app is not None:
            # Apps of one process share the connections to one broker: those to a reader's broker are left open.
            _close(self._app, connections=bool(self._servers))
            self._app = None
        while self._servers:
            server = self._servers.pop()
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()

    def one(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Send one task and wait for its result."""
        return self._send("call", function, arguments).get()

    def many(self, function: Callable[[Any], Any], arguments: list[Any]) -> list[Any]:
        """Send a group of tasks, one for each argument, and wait for its results."""
        return self._group(function, arguments).get(interval=INTERVAL) if arguments else []

    def extra(self) -> Probes:
        """Probes of this system alone."""
        probes = {
            "task_cost.batched": ("s", self._batched),
            "task_cost.unanswered": ("s", self._unanswered),
            "group.half_second": ("s", lambda: self._get_group()),
            "group.short_interval": ("s", lambda: self._get_group(interval=INTERVAL)),
        }
        if self._servers and self.pool == "prefork":
            probes["recovery.killed_process"] = ("s", self._recover)
        return probes

    def _batched(self) -> float:
        """Seconds an item when a task runs a hundred items."""
        items = list(range(ITEMS))
        batches = [items[start : start + BATCH] for start in range(0, ITEMS, BATCH)]
        began = time.perf_counter()
        sent = [self._send("call_batch", nothing, batch) for batch in batches]
        for result in sent:
            result.get()
        return (time.perf_counter() - began) / ITEMS

    def _unanswered(self) -> float:
        """Seconds that the sender needs for a task whose result nobody wants."""
        began = time.perf_counter()
        for number in range(UNANSWERED):
            self._send("call_unanswered", nothing, (number,), ignore_result=True)
        seconds = time.perf_counter() - began
        self.one(nothing)  # behind all of them in the queue
        return seconds / UNANSWERED

    def _get_group(self, **options: float) -> float:
        """Seconds from sending a group of ten empty tasks to its results."""
        began = time.perf_counter()
        self._group(nothing, list(range(GROUP))).get(**options)
        return time.perf_counter() - began

    def _recover(self) -> float:
        """Seconds from the death of the process that ran a task to the answer of its second attempt."""
        folder = tempfile.mkdtemp(dir=self._home)
        result = self._app.send_task("die_once", (folder,))
        note = Path(folder, "pid")
        while not (note.exists() and note.read_text()):
            time.sleep(0.001)
        began = time.perf_counter()
        if result.get() != "recovered":
            raise RuntimeError("celery: the second attempt gave a wrong answer")
        return time.perf_counter() - began

    def _group(self, function: Callable[[Any], Any], arguments: list[Any]) -> Any:
        from celery import group

        return group(self._app.signature("call", (function, (argument,))) for argument in arguments).apply_async()

    def _send(self, name: str, function: Callable[..., Any], arguments: Any, **options: Any) -> Any:
        return self._app.send_task(name, (function, arguments), **options)

    def _open(self, url: str) -> None:
        """Make the client's app; it connects when it first needs to."""
        from celery import Celery

        from examples.celery.answer_calls import SETTINGS

        self.url = url
        self._app = Celery("measure", broker=url, backend=url, set_as_current=False)
        self._app.conf.update(SETTINGS, broker_connection_retry=False, task_publish_retry=False)

    def _serve(self, command: list[str]) -> None:
        path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
        environment = os.environ | {
            "PYTHONPATH": path,
            "CELERY_BROKER_URL": self.url,
            "CELERY_RESULT_BACKEND": self.url,
            "C_FORCE_ROOT": "1",  # in a container; a worker refuses pickle as root otherwise
        }
        with open(self._home / "log", "ab") as log:
            server = subprocess.Popen(command, cwd=self._home, env=environment, stdout=log, stderr=log)
        self._servers.append(server)

    def _broker_answers(self) -> bool:
        import redis

        with contextlib.suppress(redis.RedisError):
            return bool(redis.Redis.from_url(self.url).ping())
        return False

    def _wait(self, ready: Callable[[], object]) -> None:
        """Wait until *ready* returns something true.  Raises :class:`RuntimeError` when a server ends or never is."""
        deadline = time.monotonic() + PATIENCE
        while not ready():
            ended = [server for server in self._servers if server.poll() is not None]
            if ended or time.monotonic() > deadline:
                log = (self._home / "log").read_text(errors="replace")[-2_000:]
                raise RuntimeError(f"celery: {(ended or self._servers)[-1].args[0]} did not start: {log}")
            time.sleep(0.02)


class Threads(Adapter):
    """The same with a pool of threads in the worker."""

    pool = "threads"


def _close(app: Any, connections: bool) -> None:
    """Close the client's app, and on request its connections to the broker."""
    with contextlib.suppress(Exception):
        app.backend.result_consumer.stop()
    with contextlib.suppress(Exception):
        app.backend.client.connection_pool.disconnect()
    if connections:
        with contextlib.suppress(Exception):
            app.pool.force_close_all()
    app.close()


VARIANTS = {"": Adapter, "threads": Threads}
