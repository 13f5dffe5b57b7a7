"""The names of the package: each in its module, and loaded only when asked for."""

import ast
import importlib
from pathlib import Path

import pytest

from circuit_explainer import circuits

HOMES = circuits._HOMES


def test_every_public_name_is_what_its_module_calls_so() -> None:
    assert sorted(HOMES) == sorted(circuits.__all__)
    for name, module in HOMES.items():
        assert getattr(circuits, name) is getattr(importlib.import_module(f"circuit_explainer.circuits.{module}"), name)


def test_what_type_checkers_see_is_what_is_loaded() -> None:
    tree = ast.parse(Path(circuits.__file__).read_text(encoding="utf-8"))
    seen = {
        alias.name: str(node.module).rpartition(".")[2]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("circuit_explainer")
        for alias in node.names
    }
    assert seen == HOMES


def test_a_name_that_is_not_there() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'find_circuits'"):
        _ = circuits.find_circuits
