"""Adapters for the measuring harness: the backends that joblib ships, each through ``Parallel`` as a reader uses it.

joblib is imported in the methods, not here: the harness times its import in a fresh interpreter.
"""

from __future__ import annotations

import os
import pickle
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

#: Tasks in one sample of a probe of cost per task; the unbatched cost is so much higher that fewer are enough.
BATCHED_TASKS, UNBATCHED_TASKS = 10_000, 500
#: Tasks in one sample of the probes that send a configuration.
CONFIGURED_TASKS = 200
#: Numbers in the array that is sent to several tasks (80 MB), and how many tasks receive it.
ARRAY_NUMBERS, ARRAY_TASKS = 10_000_000, 8
#: Entries of the dictionary that joblib's user guide has in mind when it warns of cloudpickle.
DICTIONARY_ENTRIES = 500_000


class Adapter:
    """``Parallel`` with the default backend, loky: worker processes that later calls use again."""

    system = "joblib"
    packages = ("joblib",)
    import_name = "joblib"
    backend = "loky"

    def start(self, workers: int, home: Path) -> None:
        """Keep the settings; the workers start with the first call, as they do for a reader."""
        os.environ["JOBLIB_TEMP_FOLDER"] = str(home)
        self.workers = workers
        self.home = home

    def stop(self) -> None:
        """Stop the workers that outlive a call; the other backends stop theirs themselves."""
        from joblib.externals.loky import get_reusable_executor

        # `reuse=True` returns the executor that exists, whatever its settings, in place of a new one.
        get_reusable_executor(reuse=True).shutdown(wait=True)

    def one(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Run one task and return its result."""
        from joblib import delayed

        return self._parallel()([delayed(function)(*arguments)])[0]

    def many(self, function: Callable[[Any], Any], arguments: list[Any]) -> list[Any]:
        """Run the function over the arguments and return the results in order."""
        from joblib import delayed

        return self._parallel()(delayed(function)(argument) for argument in arguments)

    @contextmanager
    def shared(self, payload: bytes) -> Iterator[Callable[[], int]]:
        """Dump *payload* as an array into a file, and map it: of a memory map joblib sends the name of the file."""
        import joblib
        import numpy

        from examples.measure.shared import touch

        file = self.home / "shared.joblib"
        joblib.dump(numpy.frombuffer(payload, numpy.uint8), file)
        try:
            array = joblib.load(file, mmap_mode="r")
            yield lambda: self.one(touch, array)
        finally:
            file.unlink()

    def extra(self) -> dict[str, tuple[str, Callable[[], float]]]:
        """Return what only this backend has: batching, memory mapping and a pickler of its own."""
        import cloudpickle
        import numpy

        from examples.joblib.trap_whole_config import archive_name, archive_name_in, make_config
        from examples.joblib.trap_write_to_input import total

        config = make_config(4_000)
        stems = [path.stem for path in config["file_management"]["input_files"]["csv"][:CONFIGURED_TASKS]]
        array = numpy.ones(ARRAY_NUMBERS)
        dictionary = dict(zip(range(DICTIONARY_ENTRIES), range(DICTIONARY_ENTRIES), strict=True))

        def tasks(count: int, **settings: Any) -> float:
            calls = [_delayed(abs, number) for number in range(count)]
            return _seconds(lambda: self._parallel(**settings)(calls)) / count

        def configured(calls: list[Any]) -> float:
            # One task a batch, as for tasks that are long enough to be worth sending: a batch would share the pickle.
            return _seconds(lambda: self._parallel(batch_size=1)(calls)) / len(calls)

        def array_sent(**settings: Any) -> float:
            return _seconds(lambda: self._parallel(**settings)([_delayed(total, array)] * ARRAY_TASKS))

        return {
            "task_cost.unbatched": ("s", lambda: tasks(UNBATCHED_TASKS, batch_size=1)),
            "task_cost.batched": ("s", lambda: tasks(BATCHED_TASKS)),
            "config.whole": ("s", lambda: configured([_delayed(archive_name, config, stem) for stem in stems])),
            "config.slim": ("s", lambda: configured([_delayed(archive_name_in, "results", stem) for stem in stems])),
            "array.copied": ("s", lambda: array_sent(max_nbytes=None)),
            "array.mapped": ("s", lambda: array_sent()),
            "serialization.pickle": ("s", lambda: _seconds(lambda: pickle.dumps(dictionary))),
            "serialization.cloudpickle": ("s", lambda: _seconds(lambda: cloudpickle.dumps(dictionary))),
        }

    def _parallel(self, **settings: Any) -> Any:
        from joblib import Parallel

        return Parallel(n_jobs=self.workers, backend=self.backend, **settings)


class ThreadingAdapter(Adapter):
    """``Parallel`` over threads of this process."""

    backend = "threading"

    def stop(self) -> None:
        """Do nothing: the threads end with each call."""

    @contextmanager
    def shared(self, payload: bytes) -> Iterator[Callable[[], int]]:
        """Hand the object itself to the thread, which shares this process's memory."""
        from examples.measure.shared import touch

        yield lambda: self.one(touch, payload)

    def extra(self) -> dict[str, tuple[str, Callable[[], float]]]:
        """Return no probes of its own."""
        return {}


class MultiprocessingAdapter(Adapter):
    """``Parallel`` over a ``multiprocessing.Pool`` that each call starts and stops."""

    backend = "multiprocessing"

    def stop(self) -> None:
        """Do nothing: the processes end with each call."""

    def extra(self) -> dict[str, tuple[str, Callable[[], float]]]:
        """Return no probes of its own."""
        return {}


VARIANTS = {"": Adapter, "threading": ThreadingAdapter, "multiprocessing": MultiprocessingAdapter}


def _delayed(function: Callable[..., Any], *arguments: Any) -> Any:
    from joblib import delayed

    return delayed(function)(*arguments)


def _seconds(call: Callable[[], Any]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began
