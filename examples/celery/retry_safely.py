"""Try again by sending the message again, and charge once all the same."""

from __future__ import annotations

from examples.celery.connect_app import app
from examples.celery.leave_marks import claim, leave


# region book
@app.task(autoretry_for=(ConnectionError,), max_retries=3, default_retry_delay=0)
def book(folder: str, key: str | None = None) -> str:
    """Charge an account; the bank's answer gets lost twice."""
    attempt = leave(folder, "attempts")
    if key is None or claim(folder, key):
        leave(folder, "effects")
    if attempt < 3:
        raise ConnectionError("no answer from the bank")
    return f"booked at attempt {attempt}"


# endregion book
