"""A page that warned is read again in the next build.

Sphinx warns of a page when it reads it, and remembers the page as read: under ``-W`` a second build of a broken book
would succeed.  After a build with warnings, the remembered environment goes.
"""

from sphinx.application import ENV_PICKLE_FILENAME


def forget_after_warnings(app, exception) -> None:
    """Delete the saved environment; after an exception Sphinx does so itself."""
    if exception is None and app._warncount:
        (app.doctreedir / ENV_PICKLE_FILENAME).unlink(missing_ok=True)


def setup(app):
    app.connect("build-finished", forget_after_warnings)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
