"""The page that lists what the site ships: a `shipped` fence names a part, and its table is filled in later.

```shipped
everything          each part
Plotly              what lies inside this part
site                what the site is built with; `test`: what it is tested with
```
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from html import escape, unescape

from circuit_explainer.build import tables
from circuit_explainer.build.shipped.part import LOCK, Part, locked

PLACE = re.compile(r'<div data-shipped="([^"]*)"></div>')
PROJECT = LOCK.with_name("pyproject.toml")
NPM = {"site": ("esbuild",), "test": ("axe-core",)}


def block(asked: str) -> str:
    """Return the place of a table, for `fill`."""
    return f'<div data-shipped="{escape(asked.strip())}"></div>'


def fill(html: str, known: Sequence[Part]) -> str:
    """Return a page with its tables.

    Raises:
        ValueError: a fence asks for what there is not.
    """
    return PLACE.sub(lambda place: _table(unescape(place[1]), known), html)


def _table(asked: str, known: Sequence[Part]) -> str:
    if asked == "everything":
        return _wrapped(_rows(known, True), ("part", "version", "licence", "what it is for"))
    if asked in NPM:
        pins = _pinned(asked) | {name: locked(name)["version"] for name in NPM[asked]}
        items = ", ".join(f"{escape(name)} {escape(pins[name])}" for name in sorted(pins, key=str.lower))
        return f"<p>{items}.</p>"
    for part in known:
        if part.name == asked and part.inside:
            versions = any(each.version for each in part.inside)
            rows = _rows(part.inside, False, f"{part.text}-inside")
            columns = ("package", "version", "licence") if versions else ("package", "licence")
            return _wrapped([row if versions else (row[0], row[2]) for row in rows], columns)
    raise ValueError(f"Nothing is told of {asked!r}: no part of this name has others inside it.")


def _rows(parts: Iterable[Part], used: bool, text: str = "") -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for part in parts:
        link = f'<a href="{part.text or text}.txt" aria-label="{part.licence}, {escape(part.name)}">{part.licence}</a>'
        row = (escape(part.name), part.version or "as in PyScript", link)
        rows.append((*row, part.use) if used else row)
    return rows


def _wrapped(rows: Iterable[Sequence[str]], columns: Sequence[str]) -> str:
    return f'<div class="stacked">{tables.table(columns, rows, html=True)}</div>'


def _pinned(extra: str) -> dict[str, str]:
    """What pyproject.toml pins for an extra, by name."""
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
    pins = (pin.partition("==") for pin in project["optional-dependencies"][extra] if "==" in pin)
    return {name.partition("[")[0]: version for name, _, version in pins}
