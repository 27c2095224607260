"""A progress bar in the caller that counts items, also those of chunks and those that failed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, as_completed
from typing import Any

from tqdm import tqdm


# region watch
def watch(weights: Mapping[Future[Any], int], **options: Any) -> Iterator[Future[Any]]:
    """Yield the futures as they complete, under one bar; *weights* says how many items each future carries.

    *options* go to :class:`tqdm.tqdm`.  A future that failed or was canceled counts as done, and its items as failed.
    """
    failed = 0
    with tqdm(total=sum(weights.values()), **options) as bar:
        for future in as_completed(weights):
            if future.cancelled() or future.exception() is not None:
                failed += weights[future]
                bar.set_postfix(failed=failed, refresh=False)
            bar.update(weights[future])
            yield future


# endregion watch
