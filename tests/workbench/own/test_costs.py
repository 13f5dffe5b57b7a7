from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from circuit_explainer.core import load
from circuit_explainer.core.arrays import Array
from circuit_explainer.core.load import look
from circuit_explainer.core.run import ops
from circuit_explainer.workbench.own import costs
from tests.workbench.own.files import FIXTURES, LARGE, MEDIUM, SMALL, Sizes, empty_gpt2

NAMES = sorted(path.name for path in FIXTURES.iterdir())


@pytest.mark.parametrize("name", NAMES)
def test_parameters_are_those_of_the_model(name: str) -> None:
    opened, model = look(FIXTURES / name), load(FIXTURES / name)
    # Biases that a checkpoint leaves out are zeros.
    absent = sum(array.size for array in model.weights.values() if not array.any())
    counted = sum(array.size for key, array in model.weights.items() if key != "unembed.W_U" or not opened.plan.tied)
    assert counted - costs.parameters(opened.plan) in (0, absent)


@pytest.mark.parametrize("name", NAMES)
def test_multiplications_are_those_of_a_run(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted where they are made: every product of a run goes through one of two functions."""
    model, counted = load(FIXTURES / name), []
    product, stacked = ops.product, ops.stacked_product

    def count(a: Array, b: Array) -> Array:
        counted.append(a.size * b.shape[-1])
        return product(a, b)

    def count_stacked(a: Array, b: Array) -> Array:
        counted.append(a.size * b.shape[-1])
        return stacked(a, b)

    monkeypatch.setattr(ops, "product", count)
    monkeypatch.setattr(ops, "stacked_product", count_stacked)
    model(np.zeros((1, 5), int))
    assert sum(counted) == costs.multiplications(model.cfg, 5)


def sized(tmp_path: Path, sizes: Sizes) -> int:
    opened = look(empty_gpt2(tmp_path, sizes))
    return costs.memory(opened.described.cfg, opened.plan)


def test_memory_of_known_sizes(tmp_path: Path) -> None:
    small, medium, large = (sized(tmp_path / str(n), sizes) for n, sizes in enumerate((SMALL, MEDIUM, LARGE)))
    # The heaps that were measured with these models, and what they leave for views.
    assert 575e6 < small < 1.5 * 575e6
    assert 1557e6 < medium < costs.MOST
    # 774 million parameters in float32 are 3.1 GB.
    assert large > 3.1e9


def test_the_speed_is_measured_once() -> None:
    times: Iterator[float] = iter([0.0, 2.0, 2.0, 3.0])
    assert costs.speed(lambda: next(times)) == 32 * 512 * 2048
    assert costs.speed() == costs.speed() > 0
