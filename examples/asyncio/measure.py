"""Adapters for the measuring harness: tasks of one event loop, the same on uvloop, and threads behind a loop.

A *worker* is a permit of a semaphore: so many tasks are under way at once.
Plain functions run in the loop's own thread, as they would in a coroutine that calls them: what computes takes turns.
What only waits is written as a reader of asyncio writes it: :func:`pause` as ``asyncio.sleep``, :func:`fetch` over
asyncio's streams.
``asyncio`` is imported in the methods and functions, not here: the harness times its import in a fresh interpreter.
"""

from __future__ import annotations

import contextlib
import importlib.util
import statistics
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from examples.measure import tasks

#: Operations in one sample of the probes of single operations.
TASKS, AWAITS, HOPS, THREAD_HOPS, ECHOES = 10_000, 100_000, 50_000, 1_000, 1_000
#: Requests in one sample of the throughput of a client, and how many are open at once.
REQUESTS, OPEN = 1_000, 50
#: Pages of the job that only waits, and the seconds that each takes to come.
PAGES, LATENCY = 200, 0.05
#: What the rate limiters are asked for: so many requests in a period, and the requests of one sample.
LIMIT, PERIOD, LIMITED = 20, 0.2, 200
#: Ticks of one sample of the loop's lateness where nothing computes, the seconds between them, and those of the work.
TICKS, TICK, COMPUTING = 100, 0.002, 0.6
#: Tasks that wait while their memory is read.
WAITING = 20_000


async def fetch(url: str) -> int:
    """Return the bytes of the page at *url*.

    Over asyncio's own streams, because the import of an HTTP client would be timed with the first page.
    Raises :class:`ConnectionError` when the answer is not a page.
    """
    import asyncio

    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        writer.write(f"GET {parts.path} HTTP/1.0\r\nHost: {parts.netloc}\r\n\r\n".encode())
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
    status = head.partition(b"\r\n")[0]
    if b" 200 " not in status:
        raise ConnectionError(f"{url}: {status!r}")
    return len(body)


class Adapter:
    """Tasks of asyncio's own loop; as many are under way at once as there are workers."""

    system = "asyncio"
    packages = ()
    import_name = "asyncio"

    def __init__(self) -> None:
        self.runner: Any = None

    def start(self, workers: int, home: Path) -> None:
        """Make the loop; it runs while a task is asked for."""
        import asyncio

        self.workers = workers
        self.runner = asyncio.Runner(loop_factory=self._loop_factory())
        self.runner.get_loop()

    def stop(self) -> None:
        """Close the loop and end the threads of its executor."""
        if self.runner is not None:
            self.runner.close()
            self.runner = None

    def one(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Enter the loop, run one task in it, and leave it with the result."""
        return self.runner.run(self._call(function, *arguments))

    def many(self, function: Callable[[Any], Any], arguments: list[Any]) -> list[Any]:
        """Enter the loop, and run one task for each argument in a task group."""
        return self.runner.run(self._many(function, arguments))

    @contextmanager
    def shared(self, payload: bytes) -> Iterator[Callable[[], int]]:
        """Hand the object itself to the task, which shares this process's memory."""
        from examples.measure.shared import touch

        yield lambda: self.one(touch, payload)

    def extra(self) -> dict[str, tuple[str, Callable[[], float]]]:
        """Return what single operations of this loop cost, what waiting costs, and how limiters keep a rate."""
        return self._operations() | self._waiting() | self._ticks() | self._rates()

    def _loop_factory(self) -> Callable[[], Any] | None:
        return None

    async def _call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        if function is tasks.pause:
            import asyncio

            return await asyncio.sleep(*arguments, result=arguments[0])
        if function is tasks.inspect_or_fetch and isinstance(arguments[0], str):
            return await fetch(arguments[0])
        return function(*arguments)

    async def _many(self, function: Callable[[Any], Any], arguments: list[Any]) -> list[Any]:
        import asyncio

        permits = asyncio.Semaphore(self.workers)

        async def call(argument: Any) -> Any:
            async with permits:
                return await self._call(function, argument)

        async with asyncio.TaskGroup() as group:
            made = [group.create_task(call(argument)) for argument in arguments]
        return [task.result() for task in made]

    def _timed(self, operation: Callable[[], Awaitable[Any]], count: int) -> float:
        """Return the seconds of ``await operation()`` inside the loop, divided by *count*."""

        async def take() -> float:
            began = time.perf_counter()
            await operation()
            return (time.perf_counter() - began) / count

        return self.runner.run(take())

    def _operations(self) -> dict[str, tuple[str, Callable[[], float]]]:
        return {
            "task.create": ("s", lambda: self._timed(make_tasks, TASKS)),
            "task.await": ("s", lambda: self._timed(await_plainly, AWAITS)),
            "loop.hop": ("s", lambda: self._timed(hop, HOPS)),
            "thread.hop": ("s", lambda: self._timed(hop_to_thread, THREAD_HOPS)),
            "stream.echo": ("s", lambda: self.runner.run(echo()) / ECHOES),
            "http.requests": ("1/s", self._requests),
        }

    def _requests(self) -> float:
        """Return requests a second of one client session against a server in another process."""
        with page_server(0) as url:
            return REQUESTS / self.runner.run(request_many(url, REQUESTS, OPEN))

    def _waiting(self) -> dict[str, tuple[str, Callable[[], float]]]:
        def pages(get: Callable[[str], Awaitable[float]]) -> float:
            with page_server(LATENCY) as url:
                return self.runner.run(get(url))

        return {
            "pages.tasks": ("s", lambda: pages(lambda url: request_many(url, PAGES, PAGES))),
            "pages.to_thread": ("s", lambda: pages(lambda url: fetch_in_threads(url, None))),
            "pages.threads": ("s", lambda: pages(lambda url: fetch_in_threads(url, PAGES))),
            "task.memory": ("B", lambda: self.runner.run(memory_of_waiting())),
        }

    def _ticks(self) -> dict[str, tuple[str, Callable[[], float]]]:
        return {
            f"tick.{where}": ("s", lambda where=where: self.runner.run(lateness(where)))
            for where in ("idle", "thread", "process")
        }

    def _rates(self) -> dict[str, tuple[str, Callable[[], float]]]:
        probes: dict[str, tuple[str, Callable[[], float]]] = {}
        for name in ("throttle", "aiolimiter", "semaphore"):
            observed = Observed(self, name)
            probes[f"rate.{name}"] = ("1/s", observed.sampler("rate"))
            probes[f"rate.{name}.window"] = ("", observed.sampler("window"))
            probes[f"rate.{name}.half"] = ("", observed.sampler("half"))
            probes[f"rate.{name}.processor"] = ("s", observed.sampler("processor"))
        return probes


class UvloopAdapter(Adapter):
    """The same tasks on uvloop, which is written in Cython around libuv."""

    packages = ("uvloop",)
    import_name = "uvloop"

    def extra(self) -> dict[str, tuple[str, Callable[[], float]]]:
        """Return what single operations cost on this loop."""
        return self._operations()

    def _loop_factory(self) -> Callable[[], Any]:
        import uvloop

        return uvloop.new_event_loop


class ToThreadAdapter(Adapter):
    """``asyncio.to_thread`` for each task; the workers are threads of the loop's executor."""

    def start(self, workers: int, home: Path) -> None:
        """Make the loop, and give it as many threads as there are workers."""
        from concurrent.futures import ThreadPoolExecutor

        super().start(workers, home)
        self.runner.get_loop().set_default_executor(ThreadPoolExecutor(workers))

    def extra(self) -> dict[str, tuple[str, Callable[[], float]]]:
        """Return no probes of its own."""
        return {}

    async def _call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        import asyncio

        return await asyncio.to_thread(function, *arguments)

    async def _many(self, function: Callable[[Any], Any], arguments: list[Any]) -> list[Any]:
        import asyncio

        async with asyncio.TaskGroup() as group:  # the threads are bound already
            made = [group.create_task(self._call(function, argument)) for argument in arguments]
        return [task.result() for task in made]


async def nothing() -> None:
    """Do nothing: what is left is the loop's own cost."""


async def make_tasks() -> None:
    """Make tasks that do nothing, and wait for all of them."""
    import asyncio

    async with asyncio.TaskGroup() as group:
        for _ in range(TASKS):
            group.create_task(nothing())


async def await_plainly() -> None:
    """Await coroutines that do nothing, without a task for each."""
    for _ in range(AWAITS):
        await nothing()


async def hop() -> None:
    """Leave the processor to the loop, and get it back in its next turn."""
    import asyncio

    for _ in range(HOPS):
        await asyncio.sleep(0)


async def hop_to_thread() -> None:
    """Run an empty function in a thread of the loop's executor, one after the other."""
    import asyncio

    for _ in range(THREAD_HOPS):
        await asyncio.to_thread(tasks.nothing)


async def echo() -> float:
    """Return the seconds in which a local server of this loop sends a kilobyte back, many times over."""
    import asyncio

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError):
            while True:
                writer.write(await reader.readexactly(1_000))
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        message = bytes(1_000)
        began = time.perf_counter()
        for _ in range(ECHOES):
            writer.write(message)
            await reader.readexactly(1_000)
        seconds = time.perf_counter() - began
        writer.close()
        await writer.wait_closed()
    return seconds


def page_server(latency: float) -> AbstractContextManager[str]:
    """Return a block's server of :mod:`examples.asyncio.serve_pages`, in a process of its own; it gives its URL."""
    from examples.measure.serve import serving

    return serving(latency, "examples.asyncio.serve_pages")


async def request_many(url: str, count: int, at_once: int) -> float:
    """Return the seconds in which one session gets *count* pages, *at_once* at a time.

    Raises :class:`RuntimeError` when a page is wrong.
    """
    import asyncio

    import aiohttp

    from examples.asyncio.bound_tasks import map_bounded
    from examples.asyncio.fetch_pages import fetch as get

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        began = time.perf_counter()
        sizes = await map_bounded(lambda number: get(session, f"{url}/page/{number}"), range(count), at_once)
        seconds = time.perf_counter() - began
    if sizes != [100 + number for number in range(count)]:
        raise RuntimeError("asyncio: the pages came back wrong")
    await asyncio.sleep(0)
    return seconds


async def fetch_in_threads(url: str, threads: int | None) -> float:
    """Return the seconds of the same with a blocking client: *threads* for this alone, or the loop's own (None)."""
    import asyncio
    from concurrent.futures import ThreadPoolExecutor

    from examples.workload.web import fetch as get

    loop = asyncio.get_running_loop()
    pool = ThreadPoolExecutor(threads) if threads else None
    try:
        began = time.perf_counter()
        calls = [loop.run_in_executor(pool, get, f"{url}/page/{number}") for number in range(PAGES)]
        sizes = await asyncio.gather(*calls)
        seconds = time.perf_counter() - began
    finally:
        if pool:
            pool.shutdown()
    if sizes != [100 + number for number in range(PAGES)]:
        raise RuntimeError("asyncio: the pages came back wrong")
    return seconds


async def memory_of_waiting() -> float:
    """Return the bytes that Python allocates for each of many tasks that wait."""
    import asyncio
    import tracemalloc

    forever = asyncio.get_running_loop().create_future()

    async def wait() -> None:
        await forever

    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        made = [asyncio.create_task(wait()) for _ in range(WAITING)]
        await asyncio.sleep(0)  # each runs to where it waits
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    forever.set_result(None)
    await asyncio.gather(*made)
    return (after - before) / WAITING


async def lateness(where: str) -> float:
    """Return by how much a task wakes too late, in the median.

    Meanwhile Python code computes nowhere, in a thread of this process, or in a process of its own.
    """
    import asyncio
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

    loop = asyncio.get_running_loop()
    pool: Any = None
    if where == "thread":
        pool = ThreadPoolExecutor(1)
    elif where == "process":
        pool = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))
    late: list[float] = []
    try:
        if pool:
            await loop.run_in_executor(pool, tasks.nothing)  # the worker is there
            work = loop.run_in_executor(pool, _compute_until, time.monotonic() + COMPUTING)
        while len(late) < TICKS or (pool and not work.done()):
            due = time.perf_counter() + TICK
            await asyncio.sleep(TICK)
            if pool and work.done():
                break  # a tick after the end of the work tells nothing
            late.append(time.perf_counter() - due)
    finally:
        if pool:
            pool.shutdown()
    return max(0.0, statistics.median(late))


def _compute_until(end: float) -> int:
    """Count in Python, holding the GIL, until the clock shows *end*."""
    count = 0
    while time.monotonic() < end:
        for _ in range(10_000):
            count += 1
    return count


class Observed:
    """Samples of one rate limiter against a server that notes when requests come; one run gives each quantity once."""

    def __init__(self, adapter: Adapter, name: str) -> None:
        self._adapter, self._name = adapter, name
        self._waiting: dict[str, deque[float]] = {
            quantity: deque() for quantity in ("rate", "window", "half", "processor")
        }

    def sampler(self, quantity: str) -> Callable[[], float]:
        """Return a function that gives the next sample of *quantity*; it runs the limiter when none is waiting."""

        def take() -> float:
            if not self._waiting[quantity]:
                for name, value in self._adapter.runner.run(observe(self._name)).items():
                    self._waiting[name].append(value)
            return self._waiting[quantity].popleft()

        return take


async def observe(name: str) -> dict[str, float]:
    """Return the rate that a server saw after the first burst, its worst windows, and the processor time of it all.

    The windows are one period, and half of one: what leaves within a period can arrive closer together, because a
    request that opens a connection takes longer than one that finds one open.
    The processor time is that of this process, the server in it included.
    """
    from aiolimiter import AsyncLimiter
    from asyncio_throttle import Throttler

    from examples.asyncio.compare_limiters import request_pages
    from examples.asyncio.limit_rate import WindowLimiter
    from examples.asyncio.serve_pages import PageServer

    limiter = {
        "throttle": lambda: Throttler(LIMIT, PERIOD),
        "aiolimiter": lambda: AsyncLimiter(LIMIT, PERIOD),
        "semaphore": lambda: WindowLimiter(LIMIT, PERIOD),
    }[name]()
    async with PageServer() as server:
        began = time.process_time()
        found = await request_pages(server.url, limiter, LIMITED)
        used = time.process_time() - began
    if found != {200: LIMITED}:
        raise RuntimeError("asyncio: the pages came back wrong")
    arrivals = sorted(server.arrivals)
    return {
        "rate": (LIMITED - LIMIT) / (arrivals[-1] - arrivals[0]),
        "window": most_within(arrivals, PERIOD),
        "half": most_within(arrivals, PERIOD / 2),
        "processor": used,
    }


def most_within(times: list[float], seconds: float) -> float:
    """Return the most of the sorted *times* that lie within less than *seconds*."""
    most, first = 0, 0
    for last, now in enumerate(times):
        while now - times[first] >= seconds:
            first += 1
        most = max(most, last - first + 1)
    return float(most)


VARIANTS: dict[str, type[Adapter]] = {"": Adapter}
if importlib.util.find_spec("uvloop"):  # it has no wheel for Windows
    VARIANTS["uvloop"] = UvloopAdapter
VARIANTS["to-thread"] = ToThreadAdapter
