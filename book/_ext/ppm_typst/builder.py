"""The builder: which documents, in which order, and what becomes of the markup."""

import datetime
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator, Set
from pathlib import Path

import typst
from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from . import escape, index
from .destinations import Destinations
from .errors import PdfError
from .highlight import Highlighter
from .numbers import Numbers
from .texmath import Formulas
from .translator import BookTranslator

log = logging.getLogger(__name__)

HERE = Path(__file__).resolve().parent
# Libertinus Serif, New Computer Modern and DejaVu Sans Mono come with typst itself.
FONTS = HERE.parents[2] / "node_modules" / "dejavu-fonts-ttf" / "ttf"


def default_output(config: Config) -> str:
    """``Parallel Python, Measured`` becomes ``parallel-python-measured.pdf``."""
    return (re.sub(r"[^a-z0-9]+", "-", config.project.lower()).strip("-") or "book") + ".pdf"


class TypstBuilder(Builder):
    """Prints all documents that the root document's toctrees reach as one PDF."""

    name = "typst"
    format = "typst"
    epilog = "The PDF is in %(outdir)s."
    default_translator_class = BookTranslator
    supported_image_types = ["image/svg+xml", "image/png", "image/jpeg", "image/gif", "image/webp"]
    supported_remote_images = False
    supported_data_uri_images = False
    allow_parallel = True

    def __init__(self, app: Sphinx, env: BuildEnvironment) -> None:
        super().__init__(app, env)
        self.application = app

    def init(self) -> None:
        self.images_folder = Path(self.outdir) / "images"

    # Sphinx's questions

    def get_outdated_docs(self) -> str:
        return "all documents"

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        # "%" marks an address inside the book until the translator resolves it.
        return f"%{docname}"

    def get_relative_uri(self, from_: str, to: str, typ: str | None = None) -> str:
        return self.get_target_uri(to, typ)

    # The build

    def write_documents(self, _docnames: Set[str]) -> None:
        output = Path(self.outdir) / self.config.typst_output
        # No PDF of an earlier build may pass for this one's.
        output.unlink(missing_ok=True)
        try:
            self.print_book(output)
        except PdfError as error:
            # Logged, not raised: Sphinx would print one line of message in thirty lines of its own state.
            log.error("%s", error)
            self.application.statuscode = 2

    def print_book(self, output: Path) -> None:
        started = time.perf_counter()
        self.prepare(self.resolve())
        markup = self.translate_book()
        self.copy_images()
        shutil.copyfile(HERE / "template.typ", Path(self.outdir) / "template.typ")
        source = Path(self.outdir) / "book.typ"
        source.write_text(markup, "utf8")
        translated = time.perf_counter()
        self.compile(source, output)
        compiled = time.perf_counter()
        log.info("PDF: translated in %.1f s, compiled in %.1f s", translated - started, compiled - translated)

    def resolve(self) -> dict[str, nodes.document]:
        """The documents in the order of the book, their references resolved."""
        trees = {}
        for docname in self.reading_order():
            tree = self.env.get_doctree(docname)
            self.env.resolve_references(tree, docname, self)
            _drop_hidden(tree)
            self.post_process_images(tree)
            trees[docname] = tree
        return trees

    def reading_order(self) -> Iterator[str]:
        """The root document and all that its toctrees reach, each once."""
        seen, waiting = set(), [self.config.root_doc]
        while waiting:
            docname = waiting.pop()
            if docname in seen:
                continue
            seen.add(docname)
            yield docname
            waiting += [name for name in reversed(self.env.toctree_includes.get(docname, [])) if name not in seen]

    def prepare(self, trees: dict[str, nodes.document]) -> None:
        """What the translators of all documents share."""
        self.trees = trees
        self.destinations = Destinations(self.env, trees)
        self.numbers = Numbers(self.env)
        self.highlighter = Highlighter(self.config)
        self.formulas = Formulas(Path(self.doctreedir))
        self.formulas.convert(
            node
            for tree in trees.values()
            for node in tree.findall(lambda node: isinstance(node, nodes.math | nodes.math_block))
        )
        self.emitted: set[str] = set()
        self.wanted: dict[str, nodes.Node] = {}
        self.translated: set[str] = set()

    def translate_book(self) -> str:
        root = self.config.root_doc
        preface, following = self.translate(root, 1, 0)
        chapters = self.translate_following(following, 1)
        closing = index.render(self, self.destinations, self.emitted)
        if closing:
            self.emitted.add("genindex")
        missing = {name: node for name, node in self.wanted.items() if name not in self.emitted}
        for name, node in missing.items():
            log.warning("internal link to %r leads nowhere in the PDF", name, location=node, type="typst")
        return "".join(
            [
                '#import "template.typ": *\n',
                self.highlighter.palette(),
                f"#let xref = link-inside.with({escape.array(map(escape.string, missing))})\n",
                f"#show: book.with({self.imprint()})\n",
                preface,
                "\n#show: main-matter\n",
                chapters,
                closing,
            ]
        )

    def translate(self, docname: str, level: int, depth: int) -> tuple[str, list[tuple[str, int]]]:
        """*docname*, which stands *depth* toctrees below the root and begins with a heading at *level*.

        Also returns the documents that its toctrees put below it, with their levels: they follow its whole text.
        """
        self.translated.add(docname)
        translator = self.create_translator(self.trees[docname], self)
        translator.begin(docname, level, depth)
        self.trees[docname].walkabout(translator)
        return translator.result(), translator.following

    def translate_following(self, documents: list[tuple[str, int]], depth: int) -> str:
        """*documents* and all below them."""
        parts = []
        for docname, level in documents:
            if docname not in self.translated:
                text, following = self.translate(docname, level, depth)
                parts += [text, self.translate_following(following, depth + 1)]
        return "".join(parts)

    def imprint(self) -> str:
        """The arguments of the template."""
        config = self.config
        date = self.date()
        names = self.destinations.names
        groups = []
        for toctree in self.trees[config.root_doc].findall(addnodes.toctree):
            name = next((names[docname, ""] for docname in toctree["includefiles"] if (docname, "") in names), None)
            if name:
                groups.append(f"({escape.string(name)}, {escape.string(toctree.get('caption') or '')})")
        language, _, region = (config.language or "en").replace("_", "-").partition("-")
        return ", ".join(
            [
                f"title: {escape.string(config.project)}",
                f"subtitle: {escape.string(config.typst_subtitle)}",
                f"author: {escape.string(config.author)}",
                f"edition: {escape.string(config.release or config.version)}",
                f"rights: {escape.string(config.copyright if isinstance(config.copyright, str) else '')}",
                f"date: datetime(year: {date.year}, month: {date.month}, day: {date.day})",
                f"lang: {escape.string(language)}",
                f"region: {escape.string(region.upper()) if region else 'none'}",
                f"paper: {escape.string(config.typst_paper)}",
                f"groups: {escape.array(groups)}",
            ]
        )

    def date(self) -> datetime.datetime:
        """SOURCE_DATE_EPOCH, else the date of the commit, else today."""
        return datetime.datetime.fromtimestamp(self.epoch(), datetime.UTC)

    def epoch(self) -> int:
        if epoch := os.environ.get("SOURCE_DATE_EPOCH"):
            return int(epoch)
        try:
            commit = subprocess.run(
                ["git", "-C", str(self.confdir), "log", "-1", "--format=%ct"],
                capture_output=True,
                text=True,
                check=True,
            )
            return int(commit.stdout)
        except (OSError, subprocess.CalledProcessError, ValueError):
            return int(time.time())

    def copy_images(self) -> None:
        self.images_folder.mkdir(parents=True, exist_ok=True)
        for source, name in self.images.items():
            shutil.copyfile(Path(self.srcdir) / source, self.images_folder / name)

    def compile(self, source: Path, output: Path) -> None:
        output.parent.mkdir(parents=True, exist_ok=True)
        try:
            _, warnings = typst.compile_with_warnings(
                source,
                output=output,
                root=self.outdir,
                font_paths=[FONTS] if FONTS.exists() else [],
                ignore_system_fonts=True,
                pdf_standards=["ua-1"],
                timestamp=self.epoch(),
                # No package is fetched: what the template imports lies beside it.
                package_path=self.outdir,
                package_cache_path=self.outdir,
            )
        except typst.TypstError as error:
            raise PdfError(_explain(error, source)) from None
        for warning in warnings:
            log.warning("%s", _explain(warning, source), type="typst")
        log.info("PDF: %s, %.1f MB", output, output.stat().st_size / 1e6)

    def finish(self) -> None:
        pass


def _drop_hidden(tree: nodes.document) -> None:
    """Remove what is for the screen alone."""
    for node in list(tree.findall(nodes.Element)):
        if node.parent and {"only-dark", "no-pdf"} & set(node.get("classes", ())):
            node.parent.remove(node)


def _explain(problem: typst.TypstError | typst.TypstWarning, source: Path) -> str:
    """What Typst said, with the file and line of the book that the markup came from."""
    text = f"typst: {problem.message}"
    if problem.hints:
        text += f" ({'; '.join(problem.hints)})"
    match = re.search(r"book\.typ:(\d+)", problem.diagnostic)
    if match:
        before = "".join(source.read_text("utf8").splitlines(keepends=True)[: int(match[1])])
        origins = re.findall(r"/\*@ (.*?) \*/", before)
        text = f"{origins[-1]}: {text}" if origins else text
        text += f" [{source}:{match[1]}]"
    return text
