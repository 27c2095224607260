"""Build a small book as PDF and ask the PDF, for the tests of ppm_typst."""

import sys
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pypdf
from sphinx_project import BuildResult, build

CONFIG = {
    "extensions": ["myst_parser", "sphinx_design", "ppm_typst"],
    "numfig": True,
    "numfig_secnum_depth": 1,
    "pygments_style": "a11y-high-contrast-light",
    "language": "en",
    "html_theme": "basic",
}
PDF = "parallel-python-measured.pdf"


@dataclass
class Book:
    """What the PDF says."""

    build: BuildResult
    path: Path

    @cached_property
    def reader(self) -> pypdf.PdfReader:
        return pypdf.PdfReader(self.path)

    @cached_property
    def pages(self) -> list[str]:
        return [page.extract_text() for page in self.reader.pages]

    @property
    def text(self) -> str:
        return "\n".join(self.pages)

    @cached_property
    def source(self) -> str:
        return (self.path.parent / "book.typ").read_text("utf8")

    def outline(self) -> list[tuple[int, str]]:
        """The bookmarks with their depth."""

        def walk(items, depth):
            for item in items:
                if isinstance(item, list):
                    yield from walk(item, depth + 1)
                else:
                    yield depth, " ".join(item.title.split())

        return list(walk(self.reader.outline, 0))

    def page_of(self, name: str) -> int:
        """The page, from 0, of a named destination."""
        return self.reader.get_destination_page_number(self.reader.named_destinations[name])

    def links(self) -> list[str | int]:
        """The address of each link, or the page that it goes to."""
        found: list[str | int] = []
        for page in self.reader.pages:
            for annotation in page.get("/Annots", []):
                annotation = annotation.get_object()
                if annotation.get("/Subtype") != "/Link":
                    continue
                action = annotation.get("/A", {})
                if "/URI" in action:
                    found.append(str(action["/URI"]))
                else:
                    destination = annotation.get("/Dest", action.get("/D"))
                    found.append(str(destination) if not isinstance(destination, list) else self._number(destination))
        return found

    def _number(self, destination) -> int:
        return self.reader.get_page_number(destination[0].get_object())


def print_book(tmp_path: Path, files: dict, parallel: int = 1, **config) -> Book:
    """Build *files* (``index.md`` is the root) with the builder ``typst``."""
    result = build(tmp_path, files, "typst", CONFIG | config, parallel=parallel)
    return Book(result, result.outdir / PDF)


def one_page(tmp_path: Path, text: str, files: dict | None = None, **config) -> Book:
    """A book of one chapter with *text*."""
    index = "# The book\n\n```{toctree}\n:numbered:\n\nchapter\n```\n"
    return print_book(
        tmp_path, {"index.md": index, "chapter.md": f"(chapter)=\n# Chapter\n\n{text}\n", **(files or {})}, **config
    )


@contextmanager
def extension(change: Callable) -> Iterator[str]:
    """An extension that calls *change* with each resolved doctree and its name; yields the extension's name."""
    module = types.ModuleType("extension_of_a_test")
    module.setup = lambda app: (
        app.connect("doctree-resolved", lambda app, tree, docname: change(tree, docname)) and None
    )
    sys.modules[module.__name__] = module
    try:
        yield module.__name__
    finally:
        del sys.modules[module.__name__]
