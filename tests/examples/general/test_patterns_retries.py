"""A retry repeats what is transient, waits in between, and gives up."""

from __future__ import annotations

import pickle
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from examples.patterns.retry_calls import retried
from examples.patterns.store_reports import Line, append_report, replace_report


class Flaky:
    """Raises *error* the first *failures* times."""

    __name__ = "flaky"

    def __init__(self, failures: int, error: Exception) -> None:
        self.failures, self.error, self.calls = failures, error, 0

    def __call__(self, value: int) -> int:
        self.calls += 1
        if self.calls <= self.failures:
            raise self.error
        return value


def test_it_repeats_until_it_succeeds() -> None:
    flaky, pauses = Flaky(3, ConnectionError()), []
    assert retried(ConnectionError, attempts=4, sleep=pauses.append)(flaky)(7) == 7
    assert flaky.calls == 4 and len(pauses) == 3


def test_it_gives_up_with_the_last_exception_and_says_how_often_it_tried() -> None:
    flaky, pauses = Flaky(99, ConnectionError("refused")), []
    with pytest.raises(ConnectionError, match="refused") as caught:
        retried(ConnectionError, attempts=3, sleep=pauses.append)(flaky)(7)
    assert flaky.calls == 3 and len(pauses) == 2
    assert caught.value.__notes__ == ["attempt 3 of 3"]
    assert pickle.loads(pickle.dumps(caught.value)).__notes__ == ["attempt 3 of 3"]


def test_what_is_not_transient_passes_at_once() -> None:
    flaky, pauses = Flaky(99, ValueError("bad input")), []
    with pytest.raises(ValueError, match="bad input"):
        retried(ConnectionError, TimeoutError, sleep=pauses.append)(flaky)(7)
    assert flaky.calls == 1 and pauses == []


def test_one_attempt_is_no_retry() -> None:
    flaky = Flaky(1, ConnectionError())
    with pytest.raises(ConnectionError):
        retried(ConnectionError, attempts=1, sleep=pytest.fail)(flaky)(7)
    assert flaky.calls == 1


def test_pauses_double_up_to_the_cap_and_vary_below_it() -> None:
    longest, shortest = [], []
    for pauses, draw in ((longest, lambda: 1.0), (shortest, lambda: 0.0)):
        decorate = retried(ConnectionError, attempts=7, base=0.5, cap=4.0, sleep=pauses.append, draw=draw)
        with pytest.raises(ConnectionError):
            decorate(Flaky(99, ConnectionError()))(7)
    assert longest == [0.5, 1.0, 2.0, 4.0, 4.0, 4.0]
    assert shortest == [0.0] * 6


def test_a_thousand_attempts_pause_no_longer_than_the_cap() -> None:
    pauses = []
    decorate = retried(ConnectionError, attempts=2_000, cap=4.0, sleep=pauses.append, draw=lambda: 1.0)
    with pytest.raises(ConnectionError):
        decorate(Flaky(2_000, ConnectionError()))(7)
    assert len(pauses) == 1_999 and max(pauses) == 4.0


def test_no_attempt_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        retried(ConnectionError, attempts=0)


@pytest.mark.parametrize("failures", [0, 1, 3])
def test_an_idempotent_task_leaves_the_same_after_any_number_of_attempts(tmp_path: Path, failures: int) -> None:
    replace_report(tmp_path / "report.txt", Line(failures))
    assert [path.name for path in tmp_path.iterdir()] == ["report.txt"]
    assert (tmp_path / "report.txt").read_text() == "report\n"


def test_another_task_leaves_a_trace_of_each_attempt(tmp_path: Path) -> None:
    append_report(tmp_path / "report.txt", Line(3))
    assert (tmp_path / "report.txt").read_text() == "report\n" * 4


def test_a_decorated_function_crosses_to_worker_processes(tmp_path: Path) -> None:
    paths = [tmp_path / f"report-{number}.txt" for number in range(4)]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        list(pool.map(replace_report, paths, [Line(number) for number in range(4)]))
    assert sorted(tmp_path.iterdir()) == paths
