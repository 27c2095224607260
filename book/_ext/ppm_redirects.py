"""Honor ``book/_data/redirects.toml``: an id or a page that moved keeps working.

``old-id = "new-id"`` makes the old id a second anchor and a second label of the section that has the new one, so that
``page.html#old-id``, ``{ref}`old-id``` and objects.inv still find it.
``[pages]`` with ``"old/page" = "new/page"`` writes a small page at the old address that leads to the new one.
"""

import html
import re
import tomllib
from pathlib import Path

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinx.util.osutil import relative_uri

logger = logging.getLogger(__name__)

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<meta http-equiv="refresh" content="0; url={url}">
<link rel="canonical" href="{url}">
<script>location.replace("{url}" + location.hash)</script>
</head>
<body><p>This page moved: <a href="{url}">{title}</a>.</p></body>
</html>
"""


def redirects_file(srcdir: Path | str) -> Path:
    """Where the redirects stand."""
    return Path(srcdir) / "_data" / "redirects.toml"


def line_of(path: Path, key: str) -> str:
    """File and line of *key*, for messages."""
    for number, line in enumerate(path.read_text("utf8").splitlines(), 1):
        if line.split("=")[0].strip().strip("\"'") == key:
            return f"{path}:{number}"
    return f"{path}:1"


def load(app) -> None:
    """Read the redirects into the environment; a change reads every page again."""
    path = redirects_file(app.srcdir)
    try:
        table = tomllib.loads(path.read_text("utf8")) if path.exists() else {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        line = re.search(r"at line (\d+)", str(error))
        place = f"{path}:{line[1] if line else 1}"
        logger.error("not TOML: %s", error, location=place, type="ppm", subtype="redirects")
        table = {}
    pages = table.pop("pages", {})
    for kind, entries in (("id", table), ("page", pages)):
        for old, new in list(entries.items()):
            if not isinstance(new, str):
                logger.error(
                    "%s %r must lead to text", kind, old, location=line_of(path, old), type="ppm", subtype="redirects"
                )
                del entries[old]
    app.env.ppm_redirect_pages = pages
    app.env.ppm_redirects = table


def outdated(app, env, added, changed, removed):
    """Read everything anew when a redirect changed."""
    now = (env.ppm_redirects, env.ppm_redirect_pages)
    before, env.ppm_redirects_read = getattr(env, "ppm_redirects_read", ({}, {})), now
    return sorted(env.found_docs) if before != now else []


class Redirects(SphinxTransform):
    """Give each section the ids that lead to it, before Sphinx collects the labels (at 850)."""

    default_priority = 840

    def apply(self, **kwargs):
        redirects = getattr(self.env, "ppm_redirects", {})
        for section in self.document.findall(nodes.section):
            for old, new in redirects.items():
                if new in section["names"] and old not in self.document.ids:
                    section["ids"].append(old)
                    section["names"].append(old)
                    self.document.ids[old] = section
                    self.document.nameids[old] = old
                    self.document.nametypes[old] = True


def leads_to(env, labels, old: str, new: str) -> bool:
    """Whether *old* is an anchor of the section *new*, and no section's own."""
    if old not in labels or labels[old][0] != labels[new][0]:
        return False
    sections = env.get_doctree(labels[new][0]).findall(nodes.section)
    return any(old in section["ids"] and new in section["ids"] for section in sections)


def check(app, env) -> None:
    """Report redirects that lead nowhere, or away from what is still there."""
    path = redirects_file(app.srcdir)
    labels = env.domains.standard_domain.labels
    for old, new in env.ppm_redirects.items():
        if new not in labels:
            logger.error(
                "%r leads to %r, which is the label of no section",
                old,
                new,
                location=line_of(path, old),
                type="ppm",
                subtype="redirects",
            )
        elif not leads_to(env, labels, old, new):
            logger.error(
                "%r is still the label of a section, so it needs no redirect",
                old,
                location=line_of(path, old),
                type="ppm",
                subtype="redirects",
            )
    for old, new in env.ppm_redirect_pages.items():
        if new not in env.found_docs:
            logger.error(
                "page %r leads to %r, which is no page",
                old,
                new,
                location=line_of(path, old),
                type="ppm",
                subtype="redirects",
            )
        if old in env.found_docs:
            logger.error(
                "page %r is still there, so it needs no redirect",
                old,
                location=line_of(path, old),
                type="ppm",
                subtype="redirects",
            )


def write_pages(app, exception) -> None:
    """Write a page at each old address, for readers without JavaScript too."""
    if exception or app.builder.format != "html":
        return
    for old, new in app.env.ppm_redirect_pages.items():
        if new not in app.env.found_docs or old in app.env.found_docs:
            continue
        url = relative_uri(app.builder.get_target_uri(old), app.builder.get_target_uri(new))
        target = Path(app.builder.get_outfilename(old))
        target.parent.mkdir(parents=True, exist_ok=True)
        title = html.escape(app.env.titles[new].astext())
        target.write_text(PAGE.format(url=html.escape(url), title=title), "utf8")


def setup(app):
    app.add_transform(Redirects)
    app.connect("builder-inited", load)
    app.connect("env-get-outdated", outdated)
    app.connect("env-check-consistency", check)
    app.connect("build-finished", write_pages)
    return {"version": "1", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
