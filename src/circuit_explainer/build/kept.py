"""What the site keeps in the reader's browser: the one table of it. A test finds every key of the scripts here.

A `kept` fence makes the table of it; `web/js/reading/kept.js` reads the keys from its rows and deletes what they name.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape


@dataclass(frozen=True)
class Kept:
    """One thing that is kept: in which of the browser's stores, and under which key; one that ends with * begins so."""

    store: str
    key: str
    what: str
    why: str
    until: str


STORES = {
    "localStorage": "local storage",
    "sessionStorage": "session storage",
    "indexedDB": "IndexedDB",
    "caches": "cache storage",
}
KEPT = (
    Kept(
        "localStorage",
        "circuit-explainer:settings",
        "Your settings",
        "Colours, text size and the rest stay as you chose them.",
        "Until you delete it.",
    ),
    Kept(
        "localStorage",
        "circuit-explainer:progress",
        "Your progress",
        "Lessons that are done are marked, and the start page leads to where you left off.",
        "Until you delete it.",
    ),
    Kept(
        "localStorage",
        "circuit-explainer:cell",
        "Your code",
        "What you wrote in the playground’s code cell is there when you come back.",
        "Until you delete it, or reset the cell.",
    ),
    Kept(
        "sessionStorage",
        "circuit-explainer:*",
        "Your choices in exhibits",
        "A page that you come back to looks as you left it.",
        "Until you close the tab.",
    ),
    Kept(
        "indexedDB",
        "IDBMap/*",
        "Empty stores of PyScript",
        "PyScript makes them when it starts Python. This site puts nothing into them.",
        "Until you delete it.",
    ),
    Kept(
        "caches",
        "circuit-explainer-*",
        "The copy of the site for offline use",
        "Pages open without a network. Only where you switch it on.",
        "Until you switch it off or delete it, or a newer copy takes its place.",
    ),
)


def table() -> str:
    """Return the table as HTML; its sizes and buttons show when the page's script runs."""
    head = "".join(f'<th scope="col">{column}</th>' for column in ("what", "what for", "how long", "now"))
    rows = "".join(_row(kept) for kept in KEPT)
    return (
        f'<div class="kept stacked" data-role="kept"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
        '<div class="kept-foot" data-role="kept-foot">'
        '<button type="button" class="site-button" data-role="kept-all" aria-disabled="true">Delete all</button>'
        '<button type="button" class="site-button" data-role="kept-undo" hidden>Undo</button>'
        '<p data-role="kept-told" role="status"></p></div></div>'
    )


def _row(kept: Kept) -> str:
    what = escape(kept.what, quote=False)
    return (
        f'<tr data-store="{kept.store}" data-key="{escape(kept.key)}">'
        f"<td><strong>{what}</strong><br><code>{escape(kept.key)}</code><br>in {STORES[kept.store]}</td>"
        f"<td>{kept.why}</td><td>{kept.until}</td>"
        '<td><span data-role="kept-size">Unknown</span> '
        '<button type="button" class="site-button" data-role="kept-delete" aria-disabled="true" '
        f'aria-label="Delete: {what}">Delete</button></td></tr>'
    )
