"""Trap: a task that takes longer than the visibility timeout is delivered again, though nobody died."""

from __future__ import annotations

# region app
from examples.celery.connect_app import app

app.conf.broker_transport_options = {
    "visibility_timeout": 1,  # seconds
    "unacked_restore_interval": 1,  # seconds between two looks
    "unacked_restore_throttle": 1,  # every look counts
}
# endregion app
