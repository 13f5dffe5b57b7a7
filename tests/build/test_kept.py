"""The table of what is kept in the browser: every key of the scripts is in it, and nothing else."""

import re
from html import unescape
from pathlib import Path

from circuit_explainer.build import assets, kept

SITE = Path(__file__).parents[2] / "site"
SOURCES = [path for part in ("js", "keep") for path in (assets.WEB / part).rglob("*.js")]
# Modules that write to a store, and what is written there; `stores.js` only brings back what it deleted.
WRITES = re.compile(r"\b(?:localStorage|sessionStorage)\.setItem|\bindexedDB\.open|\bcaches\.open|document\.cookie")


def test_scripts_keep_nothing_under_another_key() -> None:
    keys = {
        text.replace("${exhibit}", "*")
        for path in SOURCES
        for text in re.findall(r"""['"`](circuit-explainer:[^'"`]*)""", path.read_text(encoding="utf-8"))
    }
    assert keys == {row.key for row in kept.KEPT if row.store in ("localStorage", "sessionStorage")}


def test_every_script_that_keeps_something_names_its_key() -> None:
    for path in SOURCES:
        source = path.read_text(encoding="utf-8")
        if WRITES.search(source) and path.name != "stores.js":
            assert "circuit-explainer" in source, path
        assert "document.cookie" not in source, path


def test_the_page_has_a_row_and_a_button_for_each() -> None:
    html = (SITE / "reference" / "on-this-device" / "index.html").read_text(encoding="utf-8")
    rows = re.findall(r'<tr data-store="(\w+)" data-key="([^"]+)">.*?aria-label="Delete: ([^"]+)"', html)
    assert [(store, unescape(key), unescape(what)) for store, key, what in rows] == [
        (row.store, row.key, row.what) for row in kept.KEPT
    ]


def test_every_page_leads_there() -> None:
    for page in SITE.rglob("index.html"):
        html = page.read_text(encoding="utf-8")
        if 'http-equiv="refresh"' not in html:
            assert len(re.findall(r'href="[^"]*(?:on-this-device/|\./)">Kept on this device</a>', html)) >= 2, page
