"""The seven criteria by which the book evaluates every system, in their order."""

from typing import NamedTuple


class Criterion(NamedTuple):
    """One second-level section of every system page."""

    slug: str
    title: str

    def label(self, system: str) -> str:
        """The permanent id of this criterion's section on the page of *system*."""
        return f"{system}-{self.slug}"


CRITERIA = (
    Criterion("overview", "Overview"),
    Criterion("architecture", "Architecture"),
    Criterion("scalability", "Scalability"),
    Criterion("integration", "Integration"),
    Criterion("learning-curve", "Learning curve"),
    Criterion("performance", "Performance"),
    Criterion("use-case-fit", "Use case fit"),
)


def system_of(docname: str) -> str:
    """The id of the system that *docname* would be the page of: the last part of its path."""
    return docname.rsplit("/", 1)[-1]
