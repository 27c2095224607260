"""One name in the PDF for every id of every document.

Ids are unique in a document only.  The PDF has one space of names, which a reader types
(``book.pdf#nameddest=ray-performance``).  So a label that a writer set keeps its plain name; an id that docutils made
keeps it where no other document has the same, and is written ``docname:id`` else.
"""

from collections import Counter
from collections.abc import Mapping

from docutils import nodes
from sphinx.environment import BuildEnvironment

Place = tuple[str, str]
"""A document and an id in it; the id is empty for the document's start."""


class Destinations:
    """Names for the places of *trees*, the resolved documents in the order of the book."""

    def __init__(self, env: BuildEnvironment, trees: Mapping[str, nodes.document]) -> None:
        labels = env.domains.standard_domain.anonlabels.values()
        self.explicit: set[Place] = {(docname, name) for docname, name, *_ in labels if docname in trees}
        self.names: dict[Place, str] = {}
        self._taken: set[str] = set()
        elements = [
            (docname, node)
            for docname, tree in trees.items()
            for node in tree.findall(nodes.Element)
            if node.get("ids")
        ]
        shared = Counter(name for docname, name in {(d, n) for d, node in elements for n in node["ids"]})
        for docname, node in elements:
            for name in node["ids"]:
                if (docname, name) in self.explicit:
                    self._claim((docname, name), name)
        for docname, node in elements:
            main = self.main(docname, node)
            for name in node["ids"]:
                if (docname, name) in self.explicit:
                    continue
                if name != main:
                    self.names[docname, name] = self.names.get((docname, main)) or self._free(docname, main, shared)
                elif (docname, name) not in self.names:
                    self._claim((docname, name), self._free(docname, name, shared))
        for docname, tree in trees.items():
            section = next(iter(tree.findall(nodes.section)), None)
            if section is not None and section.get("ids"):
                self.names[docname, ""] = self.names[docname, self.main(docname, section)]

    def main(self, docname: str, node: nodes.Element) -> str:
        """The id of *node* that stands for it: the first that a writer set, else the first."""
        return next((name for name in node["ids"] if (docname, name) in self.explicit), node["ids"][0])

    def own(self, docname: str, node: nodes.Element) -> list[tuple[str, bool]]:
        """The names that *node* itself has to set, the main one first, and whether each is a label that was set."""
        main = self.main(docname, node)
        rest = [name for name in node["ids"] if name != main and (docname, name) in self.explicit]
        return [(self.names[docname, name], (docname, name) in self.explicit) for name in (main, *rest)]

    def _free(self, docname: str, name: str, shared: Counter) -> str:
        return name if shared[name] == 1 else f"{docname}:{name}"

    def _claim(self, place: Place, name: str) -> None:
        if place in self.names:
            return
        docname, id_ = place
        if name in self._taken:
            name = f"{docname}:{id_}"
        while name in self._taken:
            name += "'"
        self._taken.add(name)
        self.names[place] = name
