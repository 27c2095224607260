"""Trap: threads of the threading backend share one BLAS, whose own threads multiply them."""

from __future__ import annotations

import numpy  # noqa: F401 - loads the BLAS that is counted
from threadpoolctl import threadpool_info


# region count
def blas_threads() -> int:
    """Return how many threads the BLAS of this process may start for one call."""
    pools = [pool for pool in threadpool_info() if pool["user_api"] == "blas"]
    return max(pool["num_threads"] for pool in pools)


# endregion count
