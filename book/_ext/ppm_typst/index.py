"""The general index, printed with page numbers."""

from sphinx.environment.adapters.indexentries import IndexEntries

from . import escape
from .destinations import Destinations


def render(builder, destinations: Destinations, emitted: set[str]) -> str:
    """The index as Typst markup, empty where no document has an entry; *emitted* names what the PDF can link to."""
    groups = IndexEntries(builder.env).create_index(builder)
    if not groups:
        return ""

    def entry(text: str, links: list[tuple[str, str]], indent: int) -> str:
        names = []
        for main, uri in links:
            docname, _, name = uri.removeprefix("%").partition("#")
            destination = destinations.names.get((docname, name))
            if destination in emitted:
                names.append(f"({escape.string(destination)}, {str(bool(main)).lower()})")
        return f"#index-entry({indent}, [{escape.markup(text)}], {escape.array(dict.fromkeys(names))})\n"

    lines = []
    for letter, entries in groups:
        lines.append(f"#index-letter[{escape.markup(letter)}]\n")
        for text, (links, subentries, _) in entries:
            lines.append(entry(text, links, 0))
            lines += [entry(subtext, sublinks, 1) for subtext, sublinks in subentries]
    return "\n#index-pages[\n" + "".join(lines) + "]\n"
