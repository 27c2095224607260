"""What the chapter says of tasks, threads and processes and does not run on its page."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time

import pytest

from examples.asyncio import run_programs, show_waiting, trap_lost_task
from examples.asyncio.trap_swallow_cancel import retry_everything, retry_failures


def test_a_sleeping_task_survives_without_a_reference():
    """The loop's list of timers leads to it; that is why small trials do not show the trap."""
    import gc

    async def main() -> int:
        asyncio.create_task(asyncio.sleep(0.2))
        await asyncio.sleep(0)
        gc.collect()
        return len(asyncio.all_tasks()) - 1

    assert asyncio.run(main()) == 1


def test_what_is_kept_is_let_go_when_it_is_done():
    async def main() -> int:
        await trap_lost_task.start_and_keep([])
        for task in list(trap_lost_task.background):
            task.cancel()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        return len(trap_lost_task.background)

    assert asyncio.run(main()) == 0


@pytest.mark.parametrize(("retry", "calls"), [(retry_everything, 3), (retry_failures, 3)])
def test_failures_are_tried_again(retry, calls):
    made: list[int] = []

    async def call() -> None:
        made.append(1)
        raise ValueError("bad reading")

    try:
        assert asyncio.run(retry(call)) is None
    except ValueError:
        assert retry is retry_failures
    assert len(made) == calls


def test_a_program_that_takes_too_long_is_killed():
    async def main() -> None:
        await run_programs.run([sys.executable, "-c", "import time; time.sleep(60)"], seconds=0.5)

    with pytest.raises(TimeoutError):
        asyncio.run(main())


def test_a_program_ends_with_the_task_that_runs_it():
    async def main() -> None:
        running = asyncio.create_task(run_programs.run([sys.executable, "-c", "import time; time.sleep(60)"]))
        await asyncio.sleep(0.5)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    began = time.monotonic()
    asyncio.run(main())
    assert time.monotonic() - began < 30


def test_waiting_for_a_program_that_fills_the_pipe_takes_for_ever():
    async def main() -> bool:
        loud = "import sys; sys.stdout.write('x' * 1_000_000)"
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", loud, stdout=subprocess.PIPE)
        try:
            async with asyncio.timeout(3):
                await process.wait()
        except TimeoutError:
            output, _ = await process.communicate()
            return len(output) == 1_000_000
        return False

    assert asyncio.run(main())


def test_a_loop_does_not_run_inside_a_loop():
    async def main() -> None:
        inner = asyncio.sleep(0)
        try:
            asyncio.run(inner)
        finally:
            inner.close()

    with pytest.raises(RuntimeError, match="cannot be called from a running event loop"):
        asyncio.run(main())


def test_each_thread_can_have_a_loop():
    async def where() -> int:
        await asyncio.sleep(0)
        return threading.get_ident()

    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(asyncio.run(where()))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == sorted(thread.ident for thread in threads)


def test_call_soon_from_another_thread_needs_the_safe_variant():
    async def main() -> str:
        loop = asyncio.get_running_loop()
        loop.set_debug(True)
        try:
            await asyncio.to_thread(loop.call_soon, print)
        except RuntimeError as error:
            return str(error)
        return ""

    assert "Non-thread-safe operation" in asyncio.run(main())


@pytest.mark.skipif(sys.version_info < (3, 14), reason="asyncio.capture_call_graph is new in Python 3.14")
def test_the_call_graph_of_python_names_the_same_coroutines():
    async def main() -> tuple[list[str], list[str]]:
        task = asyncio.create_task(show_waiting.crawl())
        await asyncio.sleep(0)
        graph = asyncio.capture_call_graph(task)
        names = [entry.frame.f_code.co_name for entry in graph.call_stack]
        found = show_waiting.waiting(task)
        task.cancel()
        return names, found

    names, found = asyncio.run(main())
    assert set(found) <= set(names)
