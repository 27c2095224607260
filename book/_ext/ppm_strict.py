"""How a build of a broken book ends: with its errors and nothing else, and again the next time.

Sphinx warns of a page when it reads it, and remembers the page as read: under ``-W`` a second build of a broken book
would succeed.  After a build with warnings, the remembered environment goes.

An error that an extension raises, such as a diagram that PlantUML cannot read, Sphinx 9 reports in thirty lines with
its own versions and a traceback in the temporary folder.  Here its message ends the build.
"""

from sphinx.application import ENV_PICKLE_FILENAME
from sphinx.errors import SphinxError
from sphinx.util import logging

logger = logging.getLogger(__name__)


def forget_after_warnings(app, exception) -> None:
    """Delete the saved environment; after an exception Sphinx does so itself."""
    if exception is None and app._warncount:
        (app.doctreedir / ENV_PICKLE_FILENAME).unlink(missing_ok=True)


def end_with_the_message(app, exception) -> None:
    """Raise :class:`SystemExit` after logging the message of an error that somebody raised on purpose."""
    # One that wraps another is a mistake in an extension: Sphinx's full report helps to find it.
    if isinstance(exception, SphinxError) and getattr(exception, "orig_exc", None) is None:
        logger.error("%s", exception)
        raise SystemExit(2)


def setup(app):
    app.connect("build-finished", forget_after_warnings)
    # Last: what others do at the end of a failed build is done by then.
    app.connect("build-finished", end_with_the_message, priority=999)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
