"""Around the Celery chapter and its tests: where the broker is, and an end to whatever still runs."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path


def engine(home: Path) -> Iterator[None]:
    """Name a free port in the environment; afterwards stop workers and broker and close the clients' connections.

    The port is the same for all pages and modules of one run, because the apps in this process remember it.
    """
    import kombu.pools
    from celery._state import _get_active_apps

    from examples.celery.start_cluster import forget_results, free_port, stop_all

    port = free_port()
    url = f"redis://127.0.0.1:{port}/0"
    os.environ.update(
        {
            "REDIS_PORT": str(port),
            "CELERY_BROKER_URL": url,
            "CELERY_RESULT_BACKEND": url,
            # Containers often run as root, and a worker that accepts pickle refuses to.
            "C_FORCE_ROOT": "1",
        }
    )
    try:
        yield
    finally:
        apps = list(_get_active_apps())
        for app in apps:
            forget_results(app)
        stop_all()
        kombu.pools.reset()
        for app in apps:
            _disconnect(app)


def _disconnect(app) -> None:
    """Close what *app* opened in this process, so that it opens it again when a later module of this run needs it."""
    app._pool = None
    app.amqp._producer_pool = None
    with contextlib.suppress(Exception):
        app.backend.result_consumer.stop()
    with contextlib.suppress(Exception):
        app.backend.client.connection_pool.disconnect()
