"""A page server in an event loop that remembers what it was asked, can hold its answers back, and can refuse.

``python -m examples.asyncio.serve_pages LATENCY`` prints its URL and serves until its standard input closes.
"""

from __future__ import annotations

import asyncio
import math
import sys
from collections import deque

from aiohttp import web


class PageServer:
    """Serve ``/page/<n>``, ``100 + n`` bytes, on a free loopback port while its ``async with`` block runs.

    Each answer waits until *together* requests are open, then *latency* seconds.
    A request is refused with status 429 when *limit* others were let in during the last *window* seconds.
    """

    def __init__(self, latency: float = 0.0, together: int = 1, limit: float = math.inf, window: float = 1.0) -> None:
        self.url = ""
        #: When each request came, by the clock of the loop.
        self.arrivals: list[float] = []
        #: Most requests that were open at once.
        self.most_open = 0
        self._open = 0
        self._latency, self._together, self._limit, self._window = latency, together, limit, window
        self._let_in: deque[float] = deque()

    async def __aenter__(self) -> PageServer:
        self._barrier = asyncio.Barrier(self._together)
        application = web.Application()
        application.router.add_get(r"/page/{number:\d+}", self._answer)
        # Handlers that still wait when the block ends are canceled at once, not after a minute.
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0, backlog=1_024).start()
        self.url = "http://{}:{}".format(*self._runner.addresses[0][:2])
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._barrier.abort()
        await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        now = asyncio.get_running_loop().time()
        self.arrivals.append(now)
        while self._let_in and now - self._let_in[0] >= self._window:
            self._let_in.popleft()
        if len(self._let_in) >= self._limit:
            raise web.HTTPTooManyRequests
        self._let_in.append(now)
        self._open += 1
        self.most_open = max(self.most_open, self._open)
        try:
            await self._barrier.wait()
            await asyncio.sleep(self._latency)
        except asyncio.BrokenBarrierError:
            raise web.HTTPServiceUnavailable from None
        finally:
            self._open -= 1
        return web.Response(body=b"x" * (100 + int(request.match_info["number"])))


async def main(latency: float) -> None:
    """Serve until standard input closes."""
    async with PageServer(latency) as server:
        print(server.url, flush=True)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1])))
