"""Cross-checks of Ray against ``ray microbenchmark``, which Ray's wheel contains.

``python -m examples.ray.crosscheck NAME`` runs one of its benchmarks and prints the operations a second as JSON.  The
benchmark's code is Ray's own; three things around it differ from the command:

* It connects to the Ray that the harness started (``RAY_ADDRESS``), so that both have the same CPUs and settings.
* It sleeps 2 s before a benchmark instead of 10 s, through the tool's own parameter ``warmup_time_sec``.
* Of the benchmarks that are not asked for it runs one once, because it waits for a task that would go on beside others.
* The part for Ray Client is left out, whose import needs grpcio, which ``ray`` does not require.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import types
from collections.abc import Callable, Iterator

from examples.measure.adapter import Adapter
from examples.measure.probe import Plan
from examples.measure.probes.crosscheck import Check, extra, roundtrip, stream
from examples.measure.pyperf_timeit import ROOT

#: Seconds that the tool sleeps before it warms up, and that its workers get to end.
PAUSE = 2
#: The tool submits a task that stores ten thousand objects, and waits for it in this benchmark.  Left out
#: like the others, it would leave that task running beside the benchmark that is timed.
AWAITED = "single client get object containing 10k refs"
#: What differs in more than one check.
MEAN = "theirs is the mean of four loops of 2 s"
FUNCTION = "its function returns two bytes, ours None"


def checks(plan: Plan) -> Iterator[Check]:
    """Yield the round trip of a task and of an actor, and a stream of tasks."""
    for what, benchmark, ours, differs in (
        (
            "task_cost.roundtrip",
            "single client tasks sync",
            roundtrip(plan),
            f"ours is the mean of round trips timed one by one; {MEAN}; {FUNCTION}",
        ),
        (
            "task_cost.stream",
            "single client tasks async",
            stream(plan),
            f"ours is one stream; {MEAN}, 1,000 tasks a time; {FUNCTION}, from an argument",
        ),
        (
            "actor.roundtrip",
            "1:1 actor calls sync",
            extra("actor.roundtrip", count=200),
            f"ours is the mean of calls timed one by one; {MEAN}; its method returns two bytes, ours None",
        ),
    ):
        yield Check(
            what=what,
            ours=ours,
            theirs=_microbenchmark(benchmark),
            tool=f"ray microbenchmark: {benchmark!r} (python -m examples.ray.crosscheck {benchmark!r})",
            differs=differs,
            samples=3,
        )


def _microbenchmark(benchmark: str) -> Callable[[Adapter], float]:
    """Return a function that runs *benchmark* in a process of its own and returns its seconds an operation."""

    def take(engine: Adapter) -> float:
        import ray

        address = ray.get_runtime_context().gcs_address
        environment = os.environ | {"RAY_ADDRESS": address, "RAY_USAGE_STATS_ENABLED": "0"}
        command = [sys.executable, "-m", "examples.ray.crosscheck", benchmark]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
        line = next((line for line in done.stdout.splitlines() if line.startswith("{")), "")
        time.sleep(PAUSE)  # the tool's workers end after it
        if done.returncode or not line:
            last = (done.stderr or done.stdout).strip().splitlines()[-1:]
            raise RuntimeError(f"ray microbenchmark {benchmark!r} failed: {''.join(last) or 'no message'}")
        return 1 / json.loads(line)["per_second"]

    return take


def main(benchmark: str) -> None:
    """Run one benchmark of the tool and print its mean and its standard deviation over four loops."""
    # Nothing of this part runs here, and its import would fail without grpcio.
    client = types.ModuleType("ray._private.ray_client_microbenchmark")
    client.main = lambda results: results
    sys.modules[client.__name__] = client
    from ray._private import ray_perf

    timeit = ray_perf.timeit

    def only(name: str, function: Callable[[], object], multiplier: float = 1) -> list[None]:
        if name == AWAITED:
            function()
        if name == benchmark:
            [(_, mean, deviation)] = timeit(name, function, multiplier, warmup_time_sec=PAUSE)
            print(json.dumps({"name": name, "per_second": float(mean), "deviation": float(deviation)}), flush=True)
            raise SystemExit
        return [None]

    ray_perf.timeit = only
    ray_perf.main()
    raise SystemExit(f"ray microbenchmark has no {benchmark!r}")


if __name__ == "__main__":
    main(sys.argv[1])
