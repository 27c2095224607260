"""What the page on the GIL says of ``+=``: with a call in it an update is lost, without one it happens to be right."""

from __future__ import annotations

import sys
import threading

import pytest

from examples.foundations.describe_gil import is_gil_enabled
from examples.foundations.lose_update import Tally, count_to_two


def test_an_update_with_a_call_in_it_is_lost():
    assert count_to_two() == 1


@pytest.mark.skipif(not is_gil_enabled(), reason="this Python runs without the GIL")
@pytest.mark.skipif(sys.version_info >= (3, 14), reason="the page says it of 3.11 to 3.13")
def test_an_update_without_a_call_happens_to_be_right():
    tally, times = Tally(), 200_000

    def add() -> None:
        for _ in range(times):
            tally.number += 1

    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=add) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(usual)
    assert tally.number == 4 * times
