"""Exhibits of the pages, drawn as the build draws them."""

from functools import cache
from pathlib import Path
from typing import Any

from circuit_explainer.exhibits import Exhibit
from tests.build.render import render

DOCS = Path(__file__).parents[2] / "docs"


@cache
def namespace(page: str) -> dict[str, Any]:
    """What the blocks of a page define."""
    return render(DOCS / page)[1].namespace


def drawn(page: str, exhibit: str, **values: Any) -> Any:
    """Return the chart of an exhibit for these wire values of its controls, the others untouched."""
    found = namespace(page)[exhibit]
    assert isinstance(found, Exhibit)
    return found.draw(values)
