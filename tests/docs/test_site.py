"""What every page of the built site has: an icon, styles, no link that leads nowhere."""

import re
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest

SITE = Path(__file__).parents[2] / "site"
PAGES = sorted(path.relative_to(SITE).as_posix() for path in SITE.rglob("index.html"))
LINK = re.compile(r'<(?:a|link|img|script)\b[^>]*?\b(?:href|src)="([^"]+)"')


def read(page: str) -> str:
    return (SITE / page).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page: str) -> None:
    for link in LINK.findall(read(page)):
        address, place = urldefrag(link)
        if re.match(r"[a-z]+:", address):
            continue
        file = (SITE / page).parent / unquote(address.split("?")[0]) if address else SITE / page
        file = file / "index.html" if file.is_dir() else file
        assert file.is_file(), f"{page}: {link}"
        if place.startswith("v="):  # a state: of a page that reads it
            assert 'data-workbench="' in file.read_text(encoding="utf-8"), f"{page}: {link}"
        elif place and file.suffix == ".html":
            assert f'id="{unquote(place)}"' in file.read_text(encoding="utf-8"), f"{page}: {link}"


def test_docstrings_bring_their_styles_and_no_other_page_does() -> None:
    styled = {page for page in PAGES if "_mkdocstrings.css" in read(page)}
    assert styled == {page for page in PAGES if page.startswith("reference/api/")}


def test_pages_have_our_icon() -> None:
    icons = {
        page: re.search(r'rel="icon" href="([^"]+)"', read(page))
        for page in PAGES
        if 'http-equiv="refresh"' not in read(page)
    }
    assert {icon and icon[1].rpartition("/")[2] for icon in icons.values()} == {"icon.svg"}
