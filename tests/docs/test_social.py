"""What a chat or a search engine is told of each page, in the built site."""

import re
import struct
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import pytest

from circuit_explainer.build import card
from tests.docs.test_site import PAGES, SITE, read

REDIRECTS = {page for page in PAGES if 'http-equiv="refresh"' in read(page)}
OWN = [page for page in PAGES if page not in REDIRECTS]
META = re.compile(r'<meta (?:name|property)="([^"]+)" content="([^"]*)"')
CANONICAL = re.compile(r'<link rel="canonical" href="([^"]+)"')


def told(page: str) -> dict[str, str]:
    found = META.findall(read(page))
    assert len(dict(found)) == len(found), f"{page} says something twice"
    return {name: unescape(content) for name, content in found}


def listed() -> list[str]:
    tree = ElementTree.parse(SITE / "sitemap.xml")
    return [element.text or "" for element in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]


@pytest.mark.parametrize("page", OWN)
def test_a_link_to_the_page_shows_what_it_is(page: str) -> None:
    about = told(page)
    assert 50 <= len(about["description"]) <= 160, about["description"]
    assert about["og:description"] == about["description"]
    assert about["og:title"]
    assert "<" not in about["og:title"]
    assert about["og:type"] == ("website" if page == "index.html" else "article")
    assert (about["og:site_name"], about["twitter:card"]) == ("Circuit Explainer", "summary_large_image")
    address = about["og:url"]
    assert re.match(r"https?://", address)
    assert address.endswith("/" + page.removesuffix("index.html"))
    assert CANONICAL.findall(read(page)) == [address]
    # The root of the address that the site was built for, and the picture's place below it.
    root = address.removesuffix(page.removesuffix("index.html"))
    assert about["og:image"].removeprefix(root) == "images/card.png"
    assert "sat" in about["og:image:alt"]


def test_each_page_says_something_of_its_own() -> None:
    for name in ("description", "og:title"):
        said = [told(page)[name] for page in OWN]
        assert {text for text in said if said.count(text) > 1} == set()


def test_the_sitemap_lists_every_page_once_and_no_redirect() -> None:
    assert REDIRECTS  # the address that was given away
    assert sorted(listed()) == sorted(told(page)["og:url"] for page in OWN)


def test_a_page_that_is_not_there_is_not_indexed() -> None:
    assert told("404.html")["robots"] == "noindex"
    assert "og:url" not in told("404.html")
    assert [page for page in OWN if "robots" in told(page)] == []


def test_the_picture_has_the_size_that_is_told_and_shows_a_computed_pattern() -> None:
    head = (SITE / "images" / "card.png").read_bytes()[:24]
    size = struct.unpack(">II", head[16:24])
    about = told("index.html")
    assert size == (card.WIDTH, card.HEIGHT) == (int(about["og:image:width"]), int(about["og:image:height"]))
    assert Path(card.TARGET).read_bytes() == (SITE / "images" / "card.png").read_bytes()
    assert "The second “cat” looks at “sat”: 1.00" in card.page()
