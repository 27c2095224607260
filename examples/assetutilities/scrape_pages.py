"""Fetch a page and read the hidden fields of its form.

The original is ``BS4Scraper.get_data``, src/assetutilities/common/webscraping/scrapper_bs4.py, lines 32-44.
"""

from __future__ import annotations

import requests
from bs4 import BeautifulSoup

from examples.assetutilities.job import Method

FIELDS = ("__VIEWSTATE", "__EVENTVALIDATION", "__VIEWSTATEGENERATOR")


# region original
def scrape(url: str, parser: str = "html.parser") -> list[str]:
    """Fetch with a session of its own and parse in Python, as the original does."""
    with requests.Session() as session:
        response = session.get(url, timeout=30)
    soup = BeautifulSoup(response.content, parser)
    return [soup.find("input", {"name": name})["value"] for name in FIELDS]


# endregion original


# region lxml
def scrape_lxml(url: str) -> list[str]:
    """Parse with lxml, which is written in C: one argument of the original's call."""
    return scrape(url, "lxml")


# endregion lxml

METHODS = {"html_parser": Method(scrape), "lxml": Method(scrape_lxml)}


def make_inputs(address: str, count: int = 16) -> list[str]:
    """Return the addresses of *count* pages of the server at *address*."""
    return [f"{address}/page/{number}" for number in range(count)]


def answer(fields: list[str]) -> list[str]:
    """Return the values of the fields."""
    return fields
