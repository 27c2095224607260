"""Build a minimal Sphinx project in a temporary folder, for the tests of the extensions."""

import io
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.errors import SphinxError
from sphinx.util.docutils import docutils_namespace, patch_docutils

ROOT = Path(__file__).resolve().parents[2]
EXTENSIONS = ROOT / "book" / "_ext"
_ANSI = re.compile(r"\x1b\[[0-9;]*m")

# What conf.py sets for MyST; an extension under test adds itself through ``confoverrides``.
CONFIG = {
    "extensions": ["myst_parser"],
    "project": "Parallel Python, Measured",
    "release": "2026.11",
    "version": "2026.11",
    "author": "The team",
    "myst_enable_extensions": ["attrs_block", "attrs_inline", "colon_fence", "deflist", "dollarmath", "fieldlist"],
    "exclude_patterns": ["_data", "_ext", "_static"],
}


@dataclass(frozen=True)
class BuildResult:
    """What a build left behind."""

    app: Sphinx | None
    outdir: Path
    warnings: str
    error: Exception | None

    def html(self, docname: str) -> str:
        """The page written for *docname*."""
        return (self.outdir / f"{docname}.html").read_text("utf8")


def build(
    tmp_path: Path,
    files: dict[str, str | bytes],
    builder: str = "html",
    confoverrides: dict | None = None,
    parallel: int = 1,
) -> BuildResult:
    """Write *files* (path in the source folder: content) and build them; a SphinxError is returned, not raised."""
    if str(EXTENSIONS) not in sys.path:
        sys.path.insert(0, str(EXTENSIONS))
    srcdir, outdir = tmp_path / "book", tmp_path / "build" / builder
    srcdir.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = srcdir / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf8"))
    warnings, app, error = io.StringIO(), None, None
    try:
        with patch_docutils(), docutils_namespace():
            app = Sphinx(
                srcdir,
                None,
                outdir,
                tmp_path / "build" / f"doctrees-{builder}",
                builder,
                confoverrides=CONFIG | (confoverrides or {}),
                status=None,
                warning=warnings,
                parallel=parallel,
            )
            app.build()
    except SphinxError as caught:
        error = caught
    return BuildResult(app, outdir, _ANSI.sub("", warnings.getvalue()), error)
