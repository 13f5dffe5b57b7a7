"""The reference pages of the library: every public name and every method, and the letters of their shapes."""

import importlib
import re

import pytest

from circuit_explainer.core import ActivationCache, FactoredMatrix, Transformer
from circuit_explainer.core.table import ACTIVATIONS, LETTERS, WEIGHTS
from tests.docs.public import PACKAGE, PAGES, ROOT, classes, full_name, methods

ALL = sorted({page for pages in PAGES.values() for page in pages})


def built(page: str) -> str:
    """The HTML of a page of the site."""
    return (ROOT / "site" / "reference" / "api" / page / "index.html").read_text(encoding="utf-8")


def anchors(page: str) -> set[str]:
    """What the built page describes, by full name."""
    return set(re.findall(rf'<h[2-4] id="({PACKAGE}\.[\w.]+)"', built(page)))


@pytest.mark.parametrize("module", PAGES)
def test_every_public_name_is_described(module: str) -> None:
    names = {full_name(module, name) for name in importlib.import_module(module).__all__}
    described = set().union(*(anchors(page) for page in PAGES[module]))
    assert names
    assert names - described == set()


def test_every_public_method_is_described() -> None:
    described = set().union(*map(anchors, ALL))
    # A method that another public class gives stands there.
    missing = {
        f"{name}.{method}"
        for name, cls in classes().items()
        for base, method, _ in methods(cls)
        if not {f"{name}.{method}", f"{base.__module__}.{base.__qualname__}.{method}"} & described
    }
    assert missing == set()


def test_methods_of_bases_are_asked_for() -> None:
    """Most of the main classes' methods come from bases that are not public themselves."""
    wanted = {
        ActivationCache: {"decompose_resid", "accumulated_resid", "logit_attrs", "stack_head_results", "__getitem__"},
        FactoredMatrix: {"svd", "eigenvalues", "U", "S", "V", "BA", "norm", "collapse_l", "T"},
        Transformer: {"__call__", "W_Q", "b_out", "QK", "OV", "accumulated_bias", "all_head_labels"},
    }
    for cls, names in wanted.items():
        assert names <= {name for _, name, _ in methods(cls)}


@pytest.mark.parametrize("page", ALL)
def test_the_sections_are_listed_at_the_top(page: str) -> None:
    text = (ROOT / "docs" / "reference" / "api" / f"{page}.md").read_text(encoding="utf-8")
    listed = re.findall(r"\]\(#([\w-]+)\)[,.]", text)
    assert listed == [title.lower().replace(" ", "-") for title in re.findall(r"^## (.+)$", text, re.M)]


@pytest.mark.parametrize("page", ALL)
def test_what_a_function_gives_stands_in_one_piece(page: str) -> None:
    lists = re.findall(r"(?:Returns|Yields):</span></p>\s*<ul>(.*?)</ul>", built(page), re.S)
    assert [text for text in lists if text.count("doc-section-item") > 1] == []


def test_the_letters_are_those_of_the_table() -> None:
    text = (ROOT / "docs" / "reference" / "api" / "model.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"`(\w)` ([\w ]+)[,.]", text.replace("\n", " ")))
    used = {axis for row in (*ACTIVATIONS, *WEIGHTS) for axis in row.axes.split()}
    assert set(told) == (used | {"l", "n"}) - {"1"}
    assert all(LETTERS[letter].startswith(meaning) for letter, meaning in told.items())
