"""What installing a system adds: distributions and bytes, read from the installed metadata."""

from __future__ import annotations

from importlib import metadata

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def closure(names: tuple[str, ...]) -> set[str]:
    """Return *names* and every distribution that they require without extras, by canonical name.

    Raises :class:`importlib.metadata.PackageNotFoundError` when one is not installed.
    """
    found: set[str] = set()
    todo = [(canonicalize_name(name), frozenset[str]()) for name in names]
    seen = set(todo)
    while todo:
        name, extras = todo.pop()
        found.add(name)
        for text in metadata.requires(name) or ():
            requirement = Requirement(text)
            marker = requirement.marker
            if marker and not any(marker.evaluate({"extra": extra}) for extra in extras | {""}):
                continue
            item = (canonicalize_name(requirement.name), frozenset(requirement.extras))
            if item not in seen:
                seen.add(item)
                todo.append(item)
    return found


def installed_bytes(names: set[str]) -> int:
    """Return the size of the files that the distributions *names* installed, bytecode caches left out."""
    total = 0
    for name in names:
        for file in metadata.files(name) or ():
            if file.suffix != ".pyc" and (path := file.locate()).is_file():
                total += path.stat().st_size
    return total
