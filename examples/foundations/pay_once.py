"""An idempotency key: the effect and the key of the request are stored together, or neither is."""

from __future__ import annotations

import sqlite3
from pathlib import Path


# region ledger
def open_ledger(path: Path | str) -> sqlite3.Connection:
    """Return a connection to the ledger at *path*."""
    ledger = sqlite3.connect(path)
    with ledger:
        ledger.execute("CREATE TABLE IF NOT EXISTS payments (amount INTEGER NOT NULL)")
        ledger.execute(
            "CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, amount INTEGER NOT NULL, answer TEXT NOT NULL)"
        )
    return ledger


def pay(ledger: sqlite3.Connection, key: str, amount: int) -> str:
    """Pay *amount* once for each *key*, and return the receipt, the same at each attempt.

    Raises :class:`ValueError` when the key was used for another amount, and :class:`sqlite3.IntegrityError` when
    another attempt with this key commits first; the effect is undone then, and the next attempt gets the receipt.
    """
    with ledger:  # one transaction: commits at the end, rolls back when anything raises
        known = ledger.execute("SELECT amount, answer FROM answers WHERE key = ?", (key,)).fetchone()
        if known is not None:
            if known[0] != amount:
                raise ValueError(f"key {key!r} belongs to a payment of {known[0]}")
            return known[1]
        number = ledger.execute("INSERT INTO payments (amount) VALUES (?)", (amount,)).lastrowid
        answer = f"receipt {number}"
        ledger.execute("INSERT INTO answers VALUES (?, ?, ?)", (key, amount, answer))
    return answer


# endregion ledger
