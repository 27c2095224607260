"""What the chapter says of rate limiters and does not run on its page, on a clock that jumps."""

from __future__ import annotations

import asyncio
from unittest import mock

import pytest
from aiolimiter import AsyncLimiter
from asyncio_throttle import Throttler

from examples.asyncio.compare_limiters import entries, on_jumping_clock, order, statuses
from examples.asyncio.jump_clock import JumpingLoop
from examples.asyncio.limit_rate import WindowLimiter
from examples.asyncio.serve_pages import PageServer


def test_an_hour_passes_at_once():
    async def main() -> float:
        await asyncio.sleep(3_600)
        return asyncio.get_running_loop().time()

    found, loop = on_jumping_clock(main)
    assert found == pytest.approx(3_600)
    assert loop.timers == 1


def test_a_timeout_and_a_sleep_keep_their_order():
    async def main() -> str:
        try:
            async with asyncio.timeout(5):
                await asyncio.sleep(6)
        except TimeoutError:
            return "late"
        return "in time"

    assert on_jumping_clock(main)[0] == "late"


@pytest.mark.parametrize("limit", [1, 3, 10])
@pytest.mark.parametrize("make", [Throttler, WindowLimiter])
def test_no_window_holds_more_than_the_limit(make, limit):
    times, _ = entries(lambda: make(limit, 1.0), 5 * limit + 1)
    for first, last in zip(times, times[limit:], strict=False):
        assert last - first >= 0.999


def test_a_leaky_bucket_lets_almost_twice_the_limit_into_its_first_window():
    times, _ = entries(lambda: AsyncLimiter(10, 1.0), 30)
    assert sum(time < 0.999 for time in times) == 19


def test_a_bucket_of_one_has_no_burst():
    times, _ = entries(lambda: AsyncLimiter(1, 0.1), 5)
    assert times == pytest.approx([0, 0.1, 0.2, 0.3, 0.4], abs=0.002)


def test_a_permit_that_is_not_used_to_the_end_comes_back():
    async def main() -> list[float]:
        loop, limiter, times = asyncio.get_running_loop(), WindowLimiter(1, 1.0), []

        async def enter(error: Exception | None) -> None:
            async with limiter:
                times.append(loop.time())
                if error:
                    raise error

        with pytest.raises(ValueError):
            await enter(ValueError("no page"))
        waiting = asyncio.create_task(enter(None))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        await enter(None)
        return times

    assert on_jumping_clock(main)[0] == pytest.approx([0, 1], abs=0.001)


def test_only_the_throttler_forgets_the_order_of_arrival():
    delays = {"first": 0.0, "waiting": 0.105, "newcomer": 1.002}
    assert order(lambda: WindowLimiter(1, 1.0), delays) == list(delays)
    assert order(lambda: AsyncLimiter(1, 1.0), delays) == list(delays)
    assert order(lambda: Throttler(1), delays) != list(delays)


def test_the_bucket_lets_small_amounts_go_first():
    async def main() -> list[str]:
        limiter, names = AsyncLimiter(4, 1.0), []

        async def enter(name: str, amount: float) -> None:
            await limiter.acquire(amount)
            names.append(name)

        async with asyncio.TaskGroup() as group:
            for name, amount in {"first": 4, "large": 4, "small": 1, "smaller": 0.5}.items():
                group.create_task(enter(name, amount))
        return names

    assert on_jumping_clock(main)[0] == ["first", "smaller", "small", "large"]


def test_requests_that_leave_one_by_one_share_no_turn_of_the_loop():
    def turns(make) -> int:
        async def main() -> None:
            limiter = make()

            async def enter() -> None:
                async with limiter:
                    pass

            async with asyncio.TaskGroup() as group:
                for _ in range(100):
                    group.create_task(enter())

        count, run_once = 0, JumpingLoop._run_once

        def counted(loop: JumpingLoop) -> None:
            nonlocal count
            count += 1
            run_once(loop)

        with mock.patch.object(JumpingLoop, "_run_once", counted):
            on_jumping_clock(main)
        return count

    assert turns(lambda: AsyncLimiter(10, 1.0)) > 2 * turns(lambda: WindowLimiter(10, 1.0))


def test_only_the_bucket_is_refused_by_a_server_with_a_strict_window():
    assert statuses(lambda: Throttler(5), 15, allowed=5) == {200: 15}
    assert statuses(lambda: WindowLimiter(5), 15, allowed=5) == {200: 15}
    assert 429 in statuses(lambda: AsyncLimiter(5, 1), 15, allowed=5)
    assert statuses(lambda: AsyncLimiter(1, 0.2), 15, allowed=5) == {200: 15}


def test_a_server_can_hold_its_answers_back_and_says_how_many_waited():
    import aiohttp

    async def main() -> tuple[list[int], int, int]:
        async with PageServer(together=3) as server, aiohttp.ClientSession() as session:

            async def status(number: int) -> int:
                async with session.get(f"{server.url}/page/{number}") as response:
                    return response.status

            return await asyncio.gather(*map(status, range(3))), server.most_open, len(server.arrivals)

    assert asyncio.run(main()) == ([200] * 3, 3, 3)


def test_a_jumping_loop_runs_threads():
    async def main() -> int:
        return await asyncio.to_thread(abs, -1)

    # Patience: the end of the executor's threads is waited for with a limit, which must not be jumped to.
    with asyncio.Runner(loop_factory=lambda: JumpingLoop(patience=5.0)) as runner:
        assert runner.run(main()) == 1
