"""Each page of the built site stays within the budget: its own weight, and that of what it links to."""

import posixpath
import re
from functools import cache
from pathlib import Path

import pytest

from tests.budget import over, wire
from tests.docs.test_site import PAGES, SITE, read

LINK = re.compile(r'<(?:script|link)\b[^>]*?(?:src|href)="([^":]+)"')
weight = cache(wire)


def linked(page: str) -> set[Path]:
    """The files that the head and the scripts of a page name, those that are only fetched ahead too."""
    places = (posixpath.normpath(posixpath.join(posixpath.dirname(page), link)) for link in LINK.findall(read(page)))
    return {SITE / place for place in places if not place.endswith(".html") and (SITE / place).is_file()}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_within_the_budget(page: str) -> None:
    files = linked(page)
    found = {
        "html_kilobytes": weight(SITE / page) / 1e3,
        "linked_files": len(files),
        "linked_megabytes": sum(map(weight, files)) / 1e6,
    }
    assert over("page", found) == {}
    if 'data-role="page"' not in read(page):  # nothing is computed there, so Python stays away
        assert over("page", {"quiet_kilobytes": found["linked_megabytes"] * 1e3}) == {}
        assert [file.name for file in files if "pyodide" in file.parts] == []
