"""The models on offer: shipped ones, and the reader's under the names of their files."""

import pytest

from circuit_explainer import zoo
from circuit_explainer.workbench.playground import models


def test_own_models_come_after_the_shipped_ones_and_go_again() -> None:
    model = zoo.load("by-hand")
    models.register("mine", model)
    assert models.names() == (*zoo.names(), "mine")
    assert models.get("mine") is model
    assert models.own("mine")
    assert not models.own("by-hand")
    models.forget("mine")
    models.forget("mine")
    assert models.names() == zoo.names()
    with pytest.raises(ValueError, match="There is no model 'mine'"):
        models.get("mine")


def test_a_shipped_name_is_kept() -> None:
    with pytest.raises(ValueError, match="'text-2l' is the name of a model that ships; rename the file"):
        models.register("text-2l", zoo.load("by-hand"))
