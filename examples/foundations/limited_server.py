"""Clients that ask again as soon as they are answered, and a server that lets in one request per gap.

A calculation in whole milliseconds: nothing sleeps, and everyone gets the same answer.
"""

from __future__ import annotations

import heapq
import statistics


# region server
def run_clients(clients: int, gap: int, service: int, duration: int) -> tuple[int, int]:
    """Return requests answered per second, rounded, and the median latency in ms.

    The server lets in one request each *gap* ms, the others wait in line; it answers *service* ms after letting in.
    """
    asking = [0] * clients
    door = 0
    latencies = []
    while True:
        asked = heapq.heappop(asking)
        started = max(asked, door)
        answered = started + service
        if answered > duration:
            return round(len(latencies) * 1000 / duration), statistics.median_low(latencies)
        door = started + gap
        latencies.append(answered - asked)
        heapq.heappush(asking, answered)


# endregion server
