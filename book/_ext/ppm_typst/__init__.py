"""A Sphinx builder that prints the book: doctree to Typst markup to a tagged PDF.

``sphinx-build -b typst`` resolves every document as the HTML builder does, translates the result to one Typst file
and compiles it with the ``typst`` wheel.  All numbers (sections, figures, tables, listings, equations) are read from
Sphinx's environment, so that both editions agree.

The parts, in the order in which a build meets them:

``builder``       finds the documents, runs the steps below, names the output
``destinations``  gives every id of every document one label in the PDF
``numbers``       reads Sphinx's section and figure numbers
``texmath``       turns all formulas from TeX to Typst in one Node process
``translator``    writes Typst markup, one mixin a concern
``index``         prints the general index with page numbers
``template.typ``  the look of the book
"""

from sphinx.application import Sphinx

from .builder import TypstBuilder, default_output


def setup(app: Sphinx) -> dict:
    app.add_builder(TypstBuilder)
    # The PDF's path, from the output folder; the default is the project's name.
    app.add_config_value("typst_output", default_output, "", types=frozenset({str}))
    # The second line of the title page.
    app.add_config_value("typst_subtitle", "", "", types=frozenset({str}))
    # A paper size that Typst knows by name.
    app.add_config_value("typst_paper", "a4", "", types=frozenset({str}))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
