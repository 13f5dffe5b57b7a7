"""The reference pages of the library: every public name, every method, its errors, and the letters of its shapes."""

import functools
import importlib
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType
from typing import Any

import griffe
import pytest

from circuit_explainer.core.table import ACTIVATIONS, LETTERS, WEIGHTS

ROOT = Path(__file__).parents[2]
PACKAGE = "circuit_explainer"
# The pages on which the names of each module stand.
PAGES = {
    PACKAGE: ("model", "circuits"),
    f"{PACKAGE}.core": ("model",),
    f"{PACKAGE}.core.tokenizers.bpe": ("model",),
    **{f"{PACKAGE}.{page}": (page,) for page in ("circuits", "training", "zoo", "charts", "exhibits")},
}
METHODS = (FunctionType, property, functools.cached_property, classmethod, staticmethod)


def anchors(page: str) -> set[str]:
    """What the built page describes, by full name."""
    html = (ROOT / "site" / "reference" / "api" / page / "index.html").read_text(encoding="utf-8")
    return set(re.findall(rf'<h[2-4] id="({PACKAGE}\.[\w.]+)"', html))


@functools.cache
def read() -> griffe.Module:
    """The package as the pages are made from it."""
    package = griffe.load(PACKAGE, search_paths=[ROOT / "src"], allow_inspection=False)
    assert isinstance(package, griffe.Module)
    return package


def full_name(module: str, name: str) -> str:
    """Where a public name is defined, as ``circuit_explainer.core.load.load``."""
    found = getattr(importlib.import_module(module), name)
    if inspect.isclass(found) or hasattr(found, "__wrapped__") or inspect.isfunction(found):
        return f"{found.__module__}.{found.__qualname__}"
    return read()[f"{module.removeprefix(PACKAGE + '.')}.{name}"].canonical_path  # type: ignore[no-any-return]


def public() -> Iterator[tuple[str, Any]]:
    """Every public name of the library, with what it stands for."""
    for module in PAGES:
        for name in importlib.import_module(module).__all__:
            yield full_name(module, name), getattr(importlib.import_module(module), name)


def methods(cls: type) -> Iterator[tuple[type, str]]:
    """The public methods and properties of a class, each with the class of this project that defines it."""
    for base in cls.__mro__:
        if base.__module__.startswith(PACKAGE):
            for name, value in vars(base).items():
                if isinstance(value, METHODS) and (not name.startswith("_") or name == "__call__"):
                    yield base, name


@pytest.mark.parametrize("module", PAGES)
def test_every_public_name_is_described(module: str) -> None:
    names = {full_name(module, name) for name in importlib.import_module(module).__all__}
    described = set().union(*(anchors(page) for page in PAGES[module]))
    assert names
    assert names - described == set()


def test_every_public_method_is_described() -> None:
    described = set().union(*(anchors(page) for pages in PAGES.values() for page in pages))
    classes = {name: found for name, found in public() if inspect.isclass(found)}
    # A method that another public class gives stands there.
    missing = {
        f"{name}.{method}"
        for name, cls in classes.items()
        for base, method in methods(cls)
        if f"{name}.{method}" not in described and f"{base.__module__}.{base.__qualname__}.{method}" not in described
    }
    assert {f"{PACKAGE}.core.model.Transformer", f"{PACKAGE}.circuits.table.HeadTable"} <= set(classes)
    assert missing == set()


def test_methods_of_bases_are_found() -> None:
    from circuit_explainer.core import ActivationCache, FactoredMatrix, Transformer

    assert {"decompose_resid", "logit_attrs", "stack_head_results"} <= {name for _, name in methods(ActivationCache)}
    assert {"svd", "U", "norm", "T"} <= {name for _, name in methods(FactoredMatrix)}
    assert {"__call__", "W_Q", "OV", "all_head_labels"} <= {name for _, name in methods(Transformer)}


@pytest.mark.parametrize("page", sorted({page for pages in PAGES.values() for page in pages}))
def test_the_sections_are_listed_at_the_top(page: str) -> None:
    text = (ROOT / "docs" / "reference" / "api" / f"{page}.md").read_text(encoding="utf-8")
    listed = re.findall(r"\]\(#([\w-]+)\)[,.]", text)
    assert listed == [title.lower().replace(" ", "-") for title in re.findall(r"^## (.+)$", text, re.M)]


def test_the_letters_are_those_of_the_table() -> None:
    text = (ROOT / "docs" / "reference" / "api" / "model.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"`(\w)` ([\w ]+)[,.]", text.replace("\n", " ")))
    used = {axis for row in (*ACTIVATIONS, *WEIGHTS) for axis in row.axes.split()}
    assert set(told) == (used | {"l", "n"}) - {"1"}
    assert all(LETTERS[letter].startswith(meaning) for letter, meaning in told.items())
