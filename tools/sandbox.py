"""Run an engine in a temporary home and check that it leaves nothing behind.

The system's author writes ``tests/examples/<system_id>/engine.py`` with a generator function ``engine(home)`` that sets
the environment, yields once and stops the engine.  :func:`sandbox` puts the temporary home, the working folder and the
checks around it.
"""

from __future__ import annotations

import builtins
import contextlib
import gc
import importlib.util
import multiprocessing.forkserver
import multiprocessing.util
import os
import shutil
import socket
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import psutil

from tools.systems import ROOT, Subject, System

#: In the environment of everything that a sandbox starts, so that a process which left the tree is still found.
MARK = "PPM_SANDBOX"

#: Seconds that an engine has to end after it was told to.
GRACE = float(os.environ.get("PPM_GRACE", 10))

#: Folders of the working tree that hold caches and outputs.
IGNORED = {".git", ".tox", ".venv", "build", "node_modules", "__pycache__", ".pytest_cache", ".ruff_cache"}

#: Helpers of the standard library that live as long as the interpreter: they end with the test run, not with a page.
HELPERS = ("multiprocessing.resource_tracker", "multiprocessing.forkserver", "loky.backend.resource_tracker")


class Leftovers(AssertionError):
    """Something outlived the page or test module that started it."""


class EngineError(RuntimeError):
    """The system's ``engine.py`` is missing or is not what it should be."""


def load_engine(system: System | Subject) -> Callable[[Path], Iterator[None]]:
    """Return the function ``engine`` of the system's ``engine.py``."""
    if not system.engine.exists():
        raise EngineError(f"{system.engine.relative_to(ROOT)}: missing; it starts and stops {system.name}")
    spec = importlib.util.spec_from_file_location(f"engine_{system.module}", system.engine)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    if not callable(getattr(module, "engine", None)):
        raise EngineError(f"{system.engine.relative_to(ROOT)}: defines no function engine(home)")
    return module.engine


@contextlib.contextmanager
def sandbox(system: System | Subject | None, namespace: dict | None = None, check_tree: bool = False) -> Iterator[Path]:
    """Yield a temporary home in which the engine of *system* may run; raise :class:`Leftovers` for what outlives it.

    *namespace* is emptied before the engine stops, so that objects of a page do not keep it alive.
    With *check_tree*, new files in the working tree are leftovers too; only sensible when nobody else writes there.
    """
    # The system's temporary folder, not pytest's: Ray's socket names must stay below 108 bytes.
    home = Path(tempfile.mkdtemp(prefix="ppm-")).resolve()
    saved = dict(os.environ), os.getcwd(), tempfile.tempdir, list(sys.path)
    before = _Inventory.take(home, check_tree)
    try:
        _enter(home)
        context = contextlib.contextmanager(load_engine(system)) if system else contextlib.nullcontext
        with context(home):
            # Again: the engine's own module may have moved.
            os.chdir(home / "work")
            yield home
            if namespace is not None:
                namespace.clear()
            sys.__dict__.pop("last_value", None)
            vars(builtins).pop("_", None)  # what the last line of a session showed
            gc.collect()
    finally:
        environment, folder, tempfile.tempdir, sys.path[:] = saved
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        try:
            before.check()
        finally:
            _forget_temporary_folder()
            shutil.rmtree(home, ignore_errors=True)


def _forget_temporary_folder() -> None:
    """Make multiprocessing ask for its temporary folder again: its sockets stood in the home that goes now."""
    multiprocessing.forkserver._forkserver._stop()
    # Remove the folder now; at exit, when its home has gone, that would print a traceback.
    for finalizer in list(multiprocessing.util._finalizer_registry.values()):
        if finalizer._callback is multiprocessing.util._remove_temp_dir:
            finalizer()
    multiprocessing.current_process()._config.pop("tempdir", None)


def _enter(home: Path) -> None:
    for name in ("work", "tmp"):
        (home / name).mkdir()
    os.chdir(home / "work")
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    os.environ.update(
        {
            MARK: str(home),
            "HOME": str(home),
            "TMPDIR": str(home / "tmp"),
            "XDG_CACHE_HOME": str(home / ".cache"),
            "XDG_CONFIG_HOME": str(home / ".config"),
            "XDG_DATA_HOME": str(home / ".local/share"),
            "XDG_STATE_HOME": str(home / ".local/state"),
            "DO_NOT_TRACK": "1",
            "PYTHONPATH": path,  # worker processes import examples
            "PYTHONDONTWRITEBYTECODE": "1",
        }
    )
    tempfile.tempdir = None  # read TMPDIR again
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))


class _Inventory:
    """What exists before the engine starts."""

    def __init__(self, home: Path, processes: set[int], threads: set[int | None], ports: set, files: set[Path] | None):
        self.home = home
        self.processes = processes
        self.threads = threads
        self.ports = ports
        self.files = files

    @classmethod
    def take(cls, home: Path, check_tree: bool) -> _Inventory:
        processes = {process.pid for process in psutil.Process().children(recursive=True)}
        threads = {thread.ident for thread in threading.enumerate()}
        return cls(home, processes, threads, _listening(), _tree() if check_tree else None)

    def check(self) -> None:
        """Raise :class:`Leftovers` with everything that is new, after the grace; end processes that are."""
        deadline = time.monotonic() + GRACE
        while (processes := self._new_processes()) and time.monotonic() < deadline:
            psutil.wait_procs(processes, timeout=0.2)
        found = [f"process {process.pid}: {command}" for process, command in _describe(processes)]
        for process in processes:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(processes, timeout=5)
        while (ports := _listening() - self.ports) and time.monotonic() < deadline:
            time.sleep(0.1)
        found += [f"listening port {host}:{port}" for host, port in sorted(ports)]
        if self.files is not None:
            found += [f"new file in the working tree: {path}" for path in sorted(_tree() - self.files)]
        self._report_threads()
        if found:
            raise Leftovers("left behind after the engine was stopped:\n  " + "\n  ".join(found))

    def _new_processes(self) -> list[psutil.Process]:
        own = psutil.Process()
        new = {process for process in own.children(recursive=True) if process.pid not in self.processes}
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error, OSError):
                if process != own and process.environ().get(MARK) == str(self.home):
                    new.add(process)
        return [process for process in new if not _is_helper(process, own.pid)]

    def _report_threads(self) -> None:
        threads = [t.name for t in threading.enumerate() if t.ident not in self.threads and not t.daemon]
        if threads:
            warnings.warn(f"threads that only the interpreter's end joins: {', '.join(threads)}", stacklevel=2)


def _is_helper(process: psutil.Process, parent: int) -> bool:
    try:
        if process.status() == psutil.STATUS_ZOMBIE:
            return True  # ended; nobody asked for its exit status yet
        # Workers of a fork server carry its command line, but are not our children.
        command = " ".join(process.cmdline()) if process.ppid() == parent else ""
    except psutil.Error:
        return True
    return any(helper in command for helper in HELPERS)


def _describe(processes: Iterable[psutil.Process]) -> Iterator[tuple[psutil.Process, str]]:
    for process in processes:
        try:
            yield process, " ".join(process.cmdline())[:200] or process.name()
        except psutil.Error:
            continue


def _listening() -> set[tuple[str, int]]:
    connections = psutil.Process().net_connections("inet")
    return {
        (connection.laddr.ip, connection.laddr.port)
        for connection in connections
        if connection.status == psutil.CONN_LISTEN and connection.type == socket.SOCK_STREAM
    }


def _tree() -> set[Path]:
    files = set()
    for folder, names, leaves in os.walk(ROOT):
        names[:] = [name for name in names if name not in IGNORED]
        files.update(Path(folder, leaf).relative_to(ROOT) for leaf in leaves)
    return files
