"""A "cite" control at every heading with a permanent id.

The button is written when the book is built and takes its place at once, so that no heading moves; ``cite.js`` opens a
dialog with the forms of citation, filled from JSON in the page.  Readers without JavaScript keep Sphinx's ¶ link.
"""

import html
import json
import re

from docutils import nodes
from sphinx.util.nodes import clean_astext

# Filled in here and, with an absolute address, by cite.js: %(name)s stands for a field of the section.
FORMS = {
    "Short form": "PPM %(edition)s, %(where)s",
    "Permalink": "%(url)s",
    "Markdown": "[PPM %(edition)s, %(where)s](%(url)s): %(markdown_title)s",
    "BibTeX": """@inbook{ppm-%(edition)s-%(id)s,
  author    = {{%(author)s}},
  title     = {%(bibtex_title)s},
  booktitle = {%(book)s},
  edition   = {%(edition)s},
  year      = {%(year)s},
%(bibtex_chapter)s  note      = {Section id: %(id)s},
  url       = {%(url)s}
}""",
}
_BIBTEX_SPECIAL = re.compile(r"[&%#_$]")
_MARKDOWN_SPECIAL = re.compile(r"[\\`*_\[\]<>]")


def explicit_labels(app, document: nodes.document) -> None:
    """Mark each section with its explicit label, while the document still knows which names are explicit."""
    redirects = getattr(app.env, "ppm_redirects", {})
    for section in document.findall(nodes.section):
        for name in section["names"]:
            if document.nametypes.get(name) and name not in redirects:
                section["label"] = document.nameids[name]
                break


def section_number(env, docname: str, section: nodes.section) -> str:
    """The number of *section* as its heading shows it, or the empty string."""
    numbers = env.toc_secnumbers.get(docname, {})
    top = isinstance(section.parent, nodes.document)
    for anchor in [""] if top else [f"#{i}" for i in section["ids"]]:
        if anchor in numbers:
            return ".".join(map(str, numbers[anchor]))
    return ""


def section_title(section: nodes.section) -> str:
    """Title of *section* with that of its page before it: "Performance" alone says nothing in a list of references."""
    titles = []
    while isinstance(section, nodes.section):
        title = section.next_node(nodes.title)
        titles.append(clean_astext(title))
        section = section.parent
    return titles[0] if len(titles) == 1 else f"{titles[-1]}: {titles[0]}"


def fields(app, docname: str, section: nodes.section) -> dict[str, str]:
    """What the forms say about *section*."""
    label, title = section["label"], section_title(section)
    number = section_number(app.env, docname, section)
    chapter = f"  chapter   = {{{number}}},\n" if number else ""
    base = app.config.ppm_base_url or app.config.html_baseurl
    base = base if not base or base.endswith("/") else base + "/"
    return {
        "id": label,
        "number": number,
        "title": title,
        "where": f"§{number} {label}" if number else label,
        "url": f"{base}{app.builder.get_target_uri(docname)}#{label}",
        "markdown_title": _MARKDOWN_SPECIAL.sub(r"\\\g<0>", title),
        "bibtex_title": _BIBTEX_SPECIAL.sub(r"\\\g<0>", title.replace("{", "").replace("}", "").replace("\\", "")),
        "bibtex_chapter": chapter,
    }


def book_fields(config) -> dict[str, str]:
    """What the forms say about the book; the edition is the release, which comes from pyproject.toml."""
    return {
        "book": config.project,
        "author": config.author,
        "edition": config.release,
        "year": config.release.split(".")[0],
    }


def button(section: dict[str, str]) -> nodes.raw:
    """The control itself; its word is written by the style sheet, so that a search in the page does not find it."""
    number = f"{section['number']} " if section["number"] else ""
    label = html.escape(f"Cite section {number}{section['title']}", quote=True)
    opening = f'<button type="button" class="cite" data-cite="{section["id"]}" aria-haspopup="dialog"'
    return nodes.raw("", f'{opening} aria-label="{label}"></button>', format="html")


def add_buttons(app, doctree: nodes.document, docname: str) -> None:
    """Put the control into each heading, in HTML only."""
    if app.builder.format != "html":
        return
    for section in doctree.findall(nodes.section):
        if "label" in section:
            section.next_node(nodes.title).append(button(fields(app, docname, section)))


def add_data(app, pagename: str, templatename: str, context: dict, doctree: nodes.document | None) -> None:
    """Write the data of the page's sections into its head, and hide the controls where no script runs."""
    if doctree is None:
        return
    sections = [fields(app, pagename, s) for s in doctree.findall(nodes.section) if "label" in s]
    if not sections:
        return
    data = {"forms": FORMS, "book": book_fields(app.config), "sections": {s["id"]: s for s in sections}}
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    context["metatags"] = context.get("metatags", "") + (
        f'\n<script type="application/json" id="cite-data">{text}</script>'
        "\n<noscript><style>button.cite{display:none}</style></noscript>"
    )


def setup(app):
    app.setup_extension("ppm_redirects")
    app.add_config_value("ppm_base_url", "", "html", types=str)
    app.add_css_file("cite.css")
    app.add_js_file("cite.js", loading_method="defer")
    app.connect("doctree-read", explicit_labels)
    app.connect("doctree-resolved", add_buttons, priority=900)
    app.connect("html-page-context", add_data)
    return {"version": "1", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
