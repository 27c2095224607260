"""Adapter for the measuring harness: the jobs of AssetUtilities, each by each library, in each way to run it.

It has only probes of its own, ``<job>.<library>.<way>``.  A sample does the whole job on warm workers; its answers are
compared after the clock stopped with those that the original gave, one item after the other.
"""

from __future__ import annotations

import contextlib
import importlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ALL = ("sequential", "threads", "processes", "loky")
ALONE = ("sequential",)

#: Module of each job, and the ways to run each method of it.  Two ways are left out because they give wrong answers or
#: worse: pyplot's current figure is one for all threads, and PDFium must not be called from two threads at a time.
JOBS: dict[str, tuple[str, dict[str, tuple[str, ...]]]] = {
    "excel": ("read_excel", {"openpyxl": ALL, "readonly": ALONE, "calamine": ALL}),
    "csv": ("csv_statistics", {"pandas": ALL, "pyarrow": ("sequential", "processes"), "polars": ALONE}),
    "pdf": ("pdf_text", {"pypdf2": ALL, "pypdf": ALONE, "pdfium": ("sequential", "processes")}),
    "charts": (
        "draw_charts",
        {
            "pyplot": ("sequential", "processes", "loky"),
            "figure": ("sequential", "threads", "processes"),
            "dpi200": ALONE,
        },
    ),
    "reports": ("write_reports", {"docx": ALL, "cells": ALONE, "table": ("sequential", "processes"), "html": ALONE}),
    "zip": ("zip_stems", {"listing": ALL, "grouped": ("sequential", "threads", "processes")}),
    "pages": ("scrape_pages", {"html_parser": ALL, "lxml": ("sequential", "threads")}),
}

#: Seconds that the server of the pages takes for each, and threads that wait for them.
LATENCY, WAITING_THREADS = 0.05, 16


class Adapter:
    """A pool of processes, one of threads and loky's workers, all started before and kept."""

    system = "assetutilities"
    packages = (
        "pandas", "openpyxl", "python-calamine", "pyarrow", "polars", "PyPDF2", "pypdf", "pypdfium2", "matplotlib",
        "python-docx", "jinja2", "beautifulsoup4", "lxml", "requests", "joblib",
    )  # fmt: skip
    import_name = "pandas"
    #: Only these modules of the harness are run: what its others measure belongs to the engines, not to the jobs.
    modules = ("extra",)

    def __init__(self) -> None:
        self._stack = contextlib.ExitStack()
        self._processes: Any = None

    @staticmethod
    def settings() -> dict[str, str]:
        """Return how the processes are started."""
        return {"start_method": _start_method()}

    def start(self, workers: int, home: Path) -> None:
        """Start both pools and remember how many workers loky is asked for."""
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context

        self._workers, self._home = workers, home
        # No fork: this process has threads, of its own pool and of the libraries.
        executor = ProcessPoolExecutor(workers, mp_context=get_context(_start_method()))
        self._processes = self._stack.enter_context(executor)

    def stop(self) -> None:
        """Stop what was started."""
        self._stack.close()
        self._processes = None

    def one(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Run one task in a process."""
        return self._processes.submit(function, *arguments).result()

    def many(self, function: Callable[[Any], Any], arguments: list[Any]) -> list[Any]:
        """Run the function over the arguments in the processes."""
        return list(self._processes.map(function, arguments))

    def extra(self, jobs: dict[str, tuple[str, dict[str, tuple[str, ...]]]] = JOBS, **sizes: dict[str, int]) -> Any:
        """Return the probes of *jobs*; *sizes* are arguments for the inputs of a job, by its name."""
        return {
            f"{job}.{name}.{way}": ("s", take)
            for job, (module, methods) in jobs.items()
            for name, way, take in self._probes(job, module, methods, sizes.get(job, {}))
        }

    def _probes(self, job: str, name: str, methods: dict[str, tuple[str, ...]], sizes: dict[str, int]) -> Any:
        """Yield method, way and function of each probe of a job; the answers of the first method are the right ones."""
        from examples.assetutilities.job import one_by_one

        module = importlib.import_module(f"examples.assetutilities.{name}")
        inputs = self._inputs(job, module, sizes)
        first = module.METHODS[next(iter(methods))]
        right = [module.answer(result) for result in first.run(inputs, one_by_one)]
        for label, ways in methods.items():
            method = module.METHODS[label]
            for way in ways:
                yield (
                    label,
                    way,
                    self._sampler(f"{job}.{label}.{way}", module, method, self._way(job, way), inputs, right),
                )

    def _inputs(self, job: str, module: Any, sizes: dict[str, int]) -> Any:
        """Make the inputs of a job, under this adapter's folder or on its server."""
        if job != "pages":
            return module.make_inputs(self._home / job, **sizes)
        from examples.assetutilities.serve_pages import serving

        return module.make_inputs(self._stack.enter_context(serving(LATENCY)), **sizes)

    def _way(self, job: str, way: str) -> Callable[[Callable[[Any], Any], list[Any]], list[Any]]:
        """Return what runs a function over items in one of the ways."""
        from examples.assetutilities.job import one_by_one

        if way == "sequential":
            return one_by_one
        if way == "processes":
            return self.many
        if way == "loky":
            return self._loky
        from concurrent.futures import ThreadPoolExecutor

        threads = self._stack.enter_context(ThreadPoolExecutor(WAITING_THREADS if job == "pages" else self._workers))
        return lambda function, items: list(threads.map(function, items))

    def _loky(self, function: Callable[[Any], Any], items: list[Any]) -> list[Any]:
        from joblib import Parallel, delayed
        from joblib.externals.loky import get_reusable_executor

        if not hasattr(self, "_reused"):
            self._reused = True
            self._stack.callback(lambda: get_reusable_executor(reuse=True).shutdown(wait=True))
        return Parallel(n_jobs=self._workers)(delayed(function)(item) for item in items)

    @staticmethod
    def _sampler(name: str, module: Any, method: Any, way: Any, inputs: Any, right: list[Any]) -> Callable[[], float]:
        def take() -> float:
            began = time.perf_counter()
            results = method.run(inputs, way)
            seconds = time.perf_counter() - began
            if method.same_answer and [module.answer(result) for result in results] != right:
                raise RuntimeError(f"assetutilities: {name} gave another answer than the original")
            return seconds

        return take


def _start_method() -> str:
    from multiprocessing import get_all_start_methods

    return "forkserver" if "forkserver" in get_all_start_methods() else "spawn"


VARIANTS = {"": Adapter}
