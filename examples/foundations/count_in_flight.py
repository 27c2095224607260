"""Little's law by counting heads: the number in flight is counted tick by tick, not computed from the latencies."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction


# region observe
def observe(spans: Iterable[tuple[int, int]]) -> tuple[Fraction, Fraction, Fraction]:
    """Return L, λ and W of requests given as ``(arrived, answered)``, over a window that begins and ends empty.

    L is the mean number in flight, λ the requests per tick, W the mean ticks from arrival to answer.
    """
    requests = list(spans)
    start = min(arrived for arrived, _ in requests)
    end = max(answered for _, answered in requests)
    heads = [sum(arrived <= tick < answered for arrived, answered in requests) for tick in range(start, end)]
    in_flight = Fraction(sum(heads), len(heads))
    rate = Fraction(len(requests), end - start)
    latency = Fraction(sum(answered - arrived for arrived, answered in requests), len(requests))
    return in_flight, rate, latency


# endregion observe
