"""The reference pages of the library name everything that is public, with the letters of its shapes."""

import importlib
import re
from pathlib import Path

import pytest

from circuit_explainer.core.table import ACTIVATIONS, LETTERS, WEIGHTS

ROOT = Path(__file__).parents[2]
PAGES = {
    page: "core" if page == "model" else page for page in ("model", "circuits", "training", "zoo", "charts", "exhibits")
}


@pytest.mark.parametrize("page", PAGES)
def test_every_public_name_is_described(page: str) -> None:
    module = importlib.import_module(f"circuit_explainer.{PAGES[page]}")
    html = (ROOT / "site" / "reference" / "api" / page / "index.html").read_text(encoding="utf-8")
    # A function in a file of its own name is described under that file.
    described = set(re.findall(rf'id="{module.__name__}\.(?:(\w+)\.(?=\1"))?(\w+)"', html))
    missing = set(module.__all__) - {name for _, name in described}
    assert module.__all__
    assert missing == set()


def test_the_letters_are_those_of_the_table() -> None:
    text = (ROOT / "docs" / "reference" / "api" / "model.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"`(\w)` ([\w ]+)[,.]", text.replace("\n", " ")))
    used = {axis for row in (*ACTIVATIONS, *WEIGHTS) for axis in row.axes.split()}
    assert set(told) == (used | {"l"}) - {"1"}
    assert all(LETTERS[letter].startswith(meaning) for letter, meaning in told.items())
