"""Count the commands that Redis executes while something runs."""

from __future__ import annotations

from collections.abc import Callable

import redis


# region commands
def count_commands(broker: redis.Redis, run: Callable[[], object]) -> dict[str, int]:
    """Return how often each command was called, by its name."""
    broker.config_resetstat()
    run()
    statistics = broker.info("commandstats")
    return {name.removeprefix("cmdstat_"): one["calls"] for name, one in statistics.items()}


# endregion commands
