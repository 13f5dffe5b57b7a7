"""Pages of the offline copy: links lead to files, scripts are classic ones, and the foot says what this is."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from circuit_explainer.build.policy import guarded

EARLY, MAIN, INDEX = "assets/offline/early.js", "assets/offline/main.js", "search/search_index.js"
# A page from a disk has no origin that 'self' could mean.
SOURCES = {
    "script-src": "file:", "connect-src": "file:", "img-src": "file:", "style-src": "file:", "font-src": "file:",
    "frame-src": "file:",
}  # fmt: skip
_TAG = re.compile(r"<(?:a|area|link|iframe|script|img|source)\b[^>]*>")
_ADDRESS = re.compile(r'\b(href|src)="([^"]*)"')
_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
_GONE = re.compile(
    r'<link rel="(?:modulepreload|prefetch|preload)"[^>]*>\n*'
    r'|<script type="(?:module|importmap)"[^>]*>.*?</script>\n*',
    re.DOTALL,
)
# On a page from a disk Material has no such navigation, and without it ends what announces pages.
_INSTANT = re.compile(r'"navigation\.instant"(?:, )?')
_FIRST_SCRIPT = re.compile(r"<script src=")
_FOOT = "</footer>"


def page(html: str, at: str, told: str) -> str:
    """Return a page for the offline copy.

    `at` is its path in the site, such as lessons/composition/index.html; `told` the line about this copy at its foot.
    Raises ValueError where the page has no foot, or a link leads out of the copy.
    """
    html = _INSTANT.sub("", _POLICY.sub("", _GONE.sub("", html)))
    html = _TAG.sub(lambda tag: _ADDRESS.sub(lambda found: _to_file(found, at), tag[0]), html)
    if 'http-equiv="refresh"' not in html:
        if _FOOT not in html:
            raise ValueError(f"{at} has no {_FOOT}.")
        html = html.replace(_FOOT, f'<p class="offline-note">{told}</p>{_FOOT}', 1)
        up = posixpath.relpath(".", posixpath.dirname(at) or ".")
        scripts = f'<script src="{up}/{EARLY}"></script><script src="{up}/{MAIN}" defer></script>\n'
        html = _FIRST_SCRIPT.sub(lambda first: scripts + first[0], html, count=1)
    return guarded(html, SOURCES)


def search_index(given: str) -> str:
    """Return the search's index as the script that Material asks for on a page from a disk."""
    index: dict[str, Any] = json.loads(given)
    for entry in index["docs"]:
        place, mark, section = entry["location"].partition("#")
        entry["location"] = f"{place}index.html{mark}{section}"
    return f"var __index = {json.dumps(index, separators=(',', ':'))};\n"


def links(html: str) -> Iterator[str]:
    """Yield each address that the tags of a page name."""
    for tag in _TAG.findall(html):
        for _, address in _ADDRESS.findall(tag):
            yield unescape(address)


def _to_file(found: re.Match[str], at: str) -> str:
    name, address = found[1], found[2]
    if re.match(r"[a-z]+:|#|//|$", address):
        return found[0]
    path = re.split("[?#]", address)[0]
    if posixpath.normpath(posixpath.join(posixpath.dirname(at), path)).startswith(".."):
        raise ValueError(f"{at} links to {address}, which lies outside of the site.")
    folder = posixpath.basename(path) in ("", ".", "..")
    file = posixpath.join(path, "index.html") if folder else path
    return f'{name}="{file}{address[len(path) :]}"'
