import dataclasses

import pytest

from circuit_explainer.exhibits import ReaderError
from circuit_explainer.training import RepeatedBlocks, Trainer
from circuit_explainer.training.recipes import INDUCTION_SMALL
from circuit_explainer.workbench.lab.moments import yardstick
from circuit_explainer.workbench.lab.settings import (
    CONTROLS,
    TASKS,
    Settings,
    parameters,
    parse,
    recipe,
    settings_of,
    wires,
)


def test_untouched_settings_are_the_recipe_of_the_shipped_live_model() -> None:
    assert parse({}) == Settings()
    assert recipe(Settings()) == INDUCTION_SMALL
    assert parameters(INDUCTION_SMALL) == 10_944


def test_settings_go_to_the_form_and_back() -> None:
    other = Settings(4, 4, 0.0005, 77, 64, "rotary", "copying by place", 8, 1200)
    assert parse(wires(other)) == other
    assert settings_of(recipe(other)) == other
    assert set(wires(other)) == set(CONTROLS) == {field.name for field in dataclasses.fields(Settings)}


def test_a_recipe_that_the_form_cannot_make_has_no_settings() -> None:
    for field in ({"task": RepeatedBlocks((2, 15))}, {"beta2": 0.99}, {"batch": 65}):
        assert settings_of(dataclasses.replace(INDUCTION_SMALL, **field)) is None


@pytest.mark.parametrize(
    ("control", "typed", "sentence"),
    [
        ("lr", "fast", "Expected a number from 1e-05 to 1, such as 0.015. Got 'fast'."),
        ("lr", "0", "Expected a number from 1e-05 to 1, such as 0.015. Got '0'."),
        ("lr", "nan", "Expected a number from 1e-05 to 1, such as 0.015. Got 'nan'."),
        ("seed", "-1", "Expected a whole number from 0 to 9999, such as 2. Got '-1'."),
        ("batch", "65", "Expected a whole number from 1 to 64, such as 16. Got '65'."),
        ("steps", "9.5", "Expected a whole number from 10 to 5000, such as 500. Got '9.5'."),
        ("steps", " ", "The text is empty. Type at least one word."),
        ("layers", "5", "Choose one of 1, 2, 3, 4. Got '5'."),
    ],
)
def test_a_value_that_cannot_be_used_is_told_at_its_control(control: str, typed: str, sentence: str) -> None:
    with pytest.raises(ReaderError) as caught:
        parse({control: typed})
    assert caught.value.control == control
    assert str(caught.value) == sentence


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("positions", ["standard", "shortformer", "rotary"])
@pytest.mark.parametrize("size", [(1, 4, 16), (4, 1, 16), (2, 2, 64)])
def test_every_choice_can_be_trained(task: str, positions: str, size: tuple[int, int, int]) -> None:
    layers, heads, d_model = size
    made = recipe(Settings(layers, heads, d_model=d_model, positions=positions, task=task, batch=1, steps=10))
    assert next(Trainer(made).run()).step == 1
    assert yardstick(made).batch.counted.any()
