"""The idempotency key holds when attempts run at the same time, and when one dies between effect and answer."""

from __future__ import annotations

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from examples.foundations.pay_once import open_ledger, pay


def count_payments(path: Path) -> int:
    ledger = open_ledger(path)
    try:
        return ledger.execute("SELECT count(*) FROM payments").fetchone()[0]
    finally:
        ledger.close()


def test_attempts_at_the_same_time_pay_once(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    open_ledger(path).close()
    start = threading.Barrier(8, timeout=60)

    def attempt(_: int) -> str:
        ledger = open_ledger(path)
        try:
            start.wait()
            while True:
                try:
                    return pay(ledger, "one wish", 120)
                except (sqlite3.IntegrityError, sqlite3.OperationalError):  # another one was first, or is writing
                    continue
        finally:
            ledger.close()

    with ThreadPoolExecutor(8) as pool:
        receipts = list(pool.map(attempt, range(8)))
    assert len(set(receipts)) == 1
    assert count_payments(path) == 1


def test_key_and_effect_are_stored_together(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    ledger = open_ledger(path)
    ledger.execute("CREATE TRIGGER crash BEFORE INSERT ON answers BEGIN SELECT RAISE(ABORT, 'crash'); END")
    with pytest.raises(sqlite3.IntegrityError, match="crash"):
        pay(ledger, "key", 120)
    ledger.close()
    assert count_payments(path) == 0


def test_a_key_with_another_amount_is_refused(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "ledger.db")
    pay(ledger, "key", 120)
    with pytest.raises(ValueError, match="belongs to a payment of 120"):
        pay(ledger, "key", 9)
    ledger.close()
