"""Whether two tables are the same answer, whatever library made them."""

from __future__ import annotations

import math
from typing import Any

import pandas

COLUMNS = ("region", "segment", "orders", "quantity", "cents", "discount")


# region rows
def rows_of(table: pandas.DataFrame) -> list[tuple[Any, ...]]:
    """Return the rows as plain Python: None for what is missing, int and float whatever the dtype."""
    return [
        (None if pandas.isna(region) else str(region), str(segment), int(orders), int(goods), int(cents), float(share))
        for region, segment, orders, goods, cents, share in table[list(COLUMNS)].itertuples(index=False)
    ]


def same_answer(one: list[tuple[Any, ...]], other: list[tuple[Any, ...]]) -> bool:
    """Whether keys, counts and sums are equal in the same order, and means but for the order of their additions."""
    return len(one) == len(other) and all(
        left[:-1] == right[:-1] and math.isclose(left[-1], right[-1], rel_tol=1e-12)
        for left, right in zip(one, other, strict=True)
    )


# endregion rows
