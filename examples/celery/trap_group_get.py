"""Trap: the ``get`` of a group looks once, sleeps half a second, and only then listens for results."""

from __future__ import annotations

import time
from collections.abc import Callable
from unittest.mock import patch

import celery.backends.base


# region naps
def naps(get: Callable[[], object]) -> list[float]:
    """Return the seconds of each sleep of Celery's base backend while *get* waits."""
    with patch.object(celery.backends.base, "time", wraps=time) as clock:
        get()
    return [call.args[0] for call in clock.sleep.call_args_list]


# endregion naps
