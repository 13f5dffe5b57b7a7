"""The Content-Security-Policy of a page, in its head: what a browser may load and run there, and from where."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from circuit_explainer.build.files import sha256

# Python is WebAssembly; its worker and its modules are made in the page. Plotly and Material set styles on elements.
POLICY = {
    "default-src": "'none'",
    "script-src": "'self' blob: 'wasm-unsafe-eval'",
    "worker-src": "'self' blob:",
    "connect-src": "'self' blob: data:",
    "img-src": "'self' blob: data:",
    "style-src": "'self' 'unsafe-inline'",
    "font-src": "'self' data:",
    "frame-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
}
# Of scripts that stand in the page itself, those that run; blocks of data are no scripts.
_INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*\btype=\"(?:application/json|text/plain)\")[^>]*>(.*?)</script>", re.S
)
_CHARSET = '<meta charset="utf-8">'


def pages(folder: Path) -> list[Path]:
    """Return the pages of a site, in order."""
    return sorted(path for path in folder.rglob("*.html") if "assets" not in path.relative_to(folder).parts)


def guarded(html: str, more: Mapping[str, str] | None = None) -> str:
    """Return the page with its policy, and `more` sources by the policy's parts.

    Raises ValueError where the page has no place for it.
    """
    if _CHARSET not in html:
        raise ValueError(f"A page has {_CHARSET} in its head; the policy stands behind it. Got {html[:100]!r}.")
    found = f'<meta http-equiv="Content-Security-Policy" content="{policy(html, more or {})}">'
    return html.replace(_CHARSET, _CHARSET + found, 1)


def policy(html: str, more: Mapping[str, str]) -> str:
    """Return the policy under which the scripts in this page run, and no others that stand in a page."""
    hashes = [f"'sha256-{sha256(script.encode())}'" for script in _INLINE.findall(html)]
    parts = {**POLICY, "script-src": " ".join([POLICY["script-src"], *hashes])}
    return "; ".join(" ".join([name, sources, more.get(name, "")]).rstrip() for name, sources in parts.items())
