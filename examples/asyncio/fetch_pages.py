"""Fetch pages with one task each, all in one thread: the I/O shape of the shared job."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import aiohttp


# region fetch
async def fetch(session: aiohttp.ClientSession, url: str) -> int:
    """Return the number of bytes at *url*."""
    async with session.get(url) as response:
        response.raise_for_status()
        return len(await response.read())


async def fetch_all(urls: Iterable[str]) -> list[int]:
    """Fetch all pages at the same time; the sizes stand in the order of the URLs."""
    async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as group:
        tasks = [group.create_task(fetch(session, url)) for url in urls]
    return [task.result() for task in tasks]


# endregion fetch
