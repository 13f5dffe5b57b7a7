"""The picture that stands beside a link to the site: what an induction head of a shipped model looks at.

`python -m circuit_explainer.build.card` draws docs/images/card.png again, in the browser that the tests use.
"""

from __future__ import annotations

import shutil
from html import escape
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from circuit_explainer import zoo
from circuit_explainer.build.runtime import cache_dir

TARGET = Path(__file__).parents[3] / "docs" / "images" / "card.png"
WIDTH, HEIGHT = 1200, 630
TEXT = "the cat sat . the cat"
LAYER, HEAD = 1, 1  # an induction head of `induction-2l`
CELL, LEFT, TOP = 76, 660, 116
# Cividis from where it leaves the dark page, as in tokens.css.
SCALE = ("#1e2a44", "#3b496c", "#575d6d", "#707173", "#8a8678", "#a59c74", "#c3b369", "#e1cc55", "#fee838")
STYLE = """
@font-face { font-family: Next; font-weight: 200 800;
  src: url(FONTS/atkinson-hyperlegible-next-latin-wght-normal.woff2) }
@font-face { font-family: Mono; font-weight: 200 800;
  src: url(FONTS/atkinson-hyperlegible-mono-latin-wght-normal.woff2) }
body { margin: 0; background: #12151a }
text { font-family: Next; fill: #e8ebef }
.token { font: 22px Mono }
.second { fill: #b9c2cd }
.asks { fill: #ffb454 }
.answers { fill: #5ad1c8 }
"""


def page() -> str:
    """Return the picture as a page of its own; the pattern is computed, not drawn by hand."""
    model = zoo.load("induction-2l")
    _, cache = model.run_with_cache(TEXT)
    # Without BOS, which says nothing to who sees only this picture.
    pattern = cache["pattern", LAYER][0, HEAD][1:, 1:]
    fonts = (cache_dir() / "runtime" / "fonts").as_uri()
    inner = _words(pattern) + _grid(pattern, model.to_str_tokens(TEXT)[1:])
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}">{inner}</svg>'
    return f'<!doctype html><meta charset="utf-8"><style>{STYLE.replace("FONTS", fonts)}</style>{svg}'


def draw(target: Path = TARGET) -> None:
    """Write the picture as a PNG."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # Playwright's own browser where the system has none.
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        view = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        source = cache_dir() / "card.html"
        source.write_text(page(), encoding="utf-8")
        view.goto(source.as_uri())
        view.evaluate("document.fonts.ready")
        view.screenshot(path=target)
        browser.close()


def _words(pattern: NDArray[np.floating]) -> str:
    lines = ("See a transformer", "spot a repeat")
    title = "".join(_text(64, 262 + 66 * i, line, size=58, weight=600) for i, line in enumerate(lines))
    found = f"The second “cat” looks at “sat”: {pattern[-1, 2]:.2f}"
    return (
        _text(64, 106, "Circuit Explainer", size=30, weight=600, kind="second")
        + title
        + _text(64, 416, found, size=28)
        + _text(64, 560, "A real model, computed in your browser", size=26, kind="second")
    )


def _grid(pattern: NDArray[np.floating], tokens: list[str]) -> str:
    parts = []
    last = len(tokens) - 1
    for row, token in enumerate(tokens):
        middle = TOP + CELL * row + CELL / 2 + 7
        parts.append(_text(LEFT - 16, middle, token, end=True, kind="token asks" if row == last else "token"))
        kind = "token answers" if row == 2 else "token"
        parts.append(_text(LEFT + CELL * row + CELL / 2, TOP - 18, token, middle=True, kind=kind))
        for column in range(row + 1):
            parts.append(_cell(row, column, float(pattern[row, column])))
    x, y = LEFT + CELL * 2, TOP + CELL * last
    parts.append(
        f'<rect x="{x}" y="{y}" width="{CELL}" height="{CELL}" fill="none" stroke="#5ad1c8" stroke-width="4"/>'
    )
    return "".join(parts)


def _cell(row: int, column: int, value: float) -> str:
    colour = SCALE[min(int(value * len(SCALE)), len(SCALE) - 1)]
    x, y = LEFT + CELL * column, TOP + CELL * row
    return f'<rect x="{x + 1}" y="{y + 1}" width="{CELL - 2}" height="{CELL - 2}" fill="{colour}"/>'


def _text(
    x: float,
    y: float,
    words: str,
    *,
    size: int = 0,
    weight: int = 400,
    kind: str = "",
    end: bool = False,
    middle: bool = False,
) -> str:
    anchor = "end" if end else "middle" if middle else "start"
    font = f' font-size="{size}" font-weight="{weight}"' if size else ""
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" class="{kind}"{font}>{escape(words)}</text>'


if __name__ == "__main__":
    draw()
