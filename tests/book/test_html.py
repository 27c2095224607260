"""The built web pages as files: whole, linked, self-contained, accessible where markup alone decides."""

import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

#: Elements whose addresses a browser fetches on its own; anchors are for readers to follow.
FETCHED = {
    "script": "src",
    "img": "src",
    "link": "href",
    "source": "src",
    "iframe": "src",
    "object": "data",
    "use": "href",
}


class Page(HTMLParser):
    """What the checks need of a page."""

    def __init__(self, text: str):
        super().__init__(convert_charrefs=True)
        self.ids: list[str] = []
        self.links: list[tuple[int, str]] = []
        self.fetched: list[str] = []
        self.without_alt: list[str] = []
        self.headings: list[int] = []
        self.lang = None
        self.title = ""
        self._in_title = False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if values.get("id"):
            self.ids.append(values["id"])
        if tag == "a" and values.get("href"):
            self.links.append((self.getpos()[0], values["href"]))
        if tag in FETCHED and values.get(FETCHED[tag]) and values.get("rel") not in ("canonical", "author", "license"):
            self.fetched.append(values[FETCHED[tag]])
        if tag == "img" and not (values.get("alt") or "").strip() and values.get("role") != "presentation":
            self.without_alt.append(values.get("src", ""))
        if tag == "html":
            self.lang = values.get("lang")
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        self._in_title = tag == "title" or self._in_title

    def handle_endtag(self, tag):
        self._in_title = self._in_title and tag != "title"

    def handle_data(self, data):
        if self._in_title:
            self.title += data


@cache
def parse(path: Path) -> Page:
    return Page(path.read_text("utf8"))


def test_internal_links_lead_somewhere(html, pages):
    dead = []
    for name in pages:
        for line, link in parse(html / name).links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (html / name).parent / unquote(parts.path) if parts.path else html / name
            if not target.exists():
                dead.append(f"{name}:{line}: {link}: no such file")
            elif (
                parts.fragment
                and target.suffix == ".html"
                # what stands after a question mark is the state of the part that the id names
                and unquote(parts.fragment).split("?")[0] not in parse(target.resolve()).ids
            ):
                dead.append(f"{name}:{line}: {link}: no such id")
    assert dead == []


def test_nothing_is_fetched_from_another_host(html, pages):
    foreign = [
        f"{name}: {url}" for name in pages for url in parse(html / name).fetched if re.match(r"(https?:)?//", url)
    ]
    for style in html.rglob("*.css"):
        text = re.sub(r"/\*.*?\*/", "", style.read_text("utf8"), flags=re.S)
        foreign += [
            f"{style.name}: {url}" for url in re.findall(r"(?:url\(|@import)\s*[\"']?((?:https?:)?//[^\"')]+)", text)
        ]
    assert foreign == []


def test_what_is_fetched_exists(html, pages):
    missing = []
    for name in pages:
        for url in parse(html / name).fetched:
            path = unquote(urlsplit(url).path)
            if path and not url.startswith("data:") and not ((html / name).parent / path).exists():
                missing.append(f"{name}: {url}")
    for style in html.rglob("*.css"):
        for url in re.findall(r"url\(\s*[\"']?([^\"')]+)", style.read_text("utf8")):
            if not url.startswith(("data:", "#")) and not (style.parent / unquote(urlsplit(url).path)).exists():
                missing.append(f"{style.name}: {url}")
    assert missing == []


def test_ids_are_unique(html, pages):
    twice = {}
    for name in pages:
        ids = parse(html / name).ids
        if again := sorted({one for one in ids if ids.count(one) > 1}):
            twice[name] = again
    assert twice == {}


def test_pages_have_language_title_and_ordered_headings(html, pages):
    problems = []
    for name in pages:
        page = parse(html / name)
        if page.lang != "en" or not page.title.strip():
            problems.append(f"{name}: language {page.lang}, title {page.title!r}")
        if page.headings.count(1) != 1:
            problems.append(f"{name}: {page.headings.count(1)} headings of level 1")
        steps = zip(page.headings, page.headings[1:], strict=False)
        problems += [f"{name}: h{upper} is followed by h{lower}" for upper, lower in steps if lower > upper + 1]
    assert problems == []


def test_pictures_say_what_they_show(html, pages):
    assert {name: parse(html / name).without_alt for name in pages if parse(html / name).without_alt} == {}


def test_math_needs_no_script(html, pages):
    for name in pages:
        text = (html / name).read_text("utf8")
        assert not re.search(r"<script[^>]*(mathjax|katex)", text, re.I), name
        if 'class="katex"' in text:
            assert "<math " in text and "katex.min.css" in text, name


@pytest.mark.parametrize("name", ["searchindex.js", "objects.inv", "genindex.html", "search.html"])
def test_search_index_and_inventory_exist(html, name):
    assert (html / name).stat().st_size > 100
