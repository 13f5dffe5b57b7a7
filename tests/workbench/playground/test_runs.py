"""Runs: what they hold, what is kept of them, and what a long one says."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from circuit_explainer import zoo
from circuit_explainer.core import TextError, Transformer
from circuit_explainer.core.arrays import Array
from circuit_explainer.core.hooks import NamesFilter
from circuit_explainer.core.steps import finished
from circuit_explainer.exhibits import ReaderError
from circuit_explainer.workbench.playground import models, runs
from circuit_explainer.workbench.playground.interventions import parse_all

TEXT, OTHER = "the cat sat . the cat", "the dog ran . the dog"
MODEL = zoo.load("induction-2l")
PATTERN = "blocks.1.attn.hook_pattern"


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    runs.clear()
    yield
    runs.clear()


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many tokens each run had that was really made."""
    made: list[int] = []
    real = Transformer.run_in_steps

    def run(self: Transformer, tokens: Array, *given: Any) -> Any:
        made.append(tokens.size)
        return real(self, tokens, *given)

    monkeypatch.setattr(Transformer, "run_in_steps", run)
    return made


def make(*wires: str, text: str = TEXT, other: str = OTHER, needed: NamesFilter = PATTERN) -> runs.Runs:
    return finished(runs.steps(MODEL, text, other, parse_all(wires, MODEL.cfg), needed))


def test_without_interventions_there_is_one_run() -> None:
    made = make("off zero 0.0")
    logits, cache = MODEL.run_with_cache(TEXT)
    np.testing.assert_array_equal(made.clean_logits, logits)
    np.testing.assert_array_equal(made.clean[PATTERN], cache[PATTERN])
    assert made.labels == MODEL.to_str_tokens(TEXT)
    assert made.logits is None
    assert made.cache is None


def test_a_word_is_the_same_symbol_in_both_prompts() -> None:
    made = make("patch resid_pre 0")
    tokens = np.array([[0, 1, 5, 6, 4, 1, 5]])  # the, dog, ran: new ones behind cat, sat
    assert made.logits is not None
    np.testing.assert_allclose(made.logits, MODEL(tokens), atol=1e-5)


def test_another_view_or_list_runs_only_what_is_new(counted: list[int]) -> None:
    make("patch k 1.1")
    assert len(counted) == 3
    make("patch k 1.1", needed="blocks.0.attn.hook_z")
    make(needed=None)
    assert len(counted) == 3
    make("patch k 1.1", "zero 0.0")
    make("zero 0.0")
    assert len(counted) == 5
    make("zero 0.0", "off patch k 1.1")
    make("zero 0.0", other="one two three four five six")
    assert len(counted) == 5
    make("patch k 1.1", other="a b c d e f")
    assert len(counted) == 7


def test_of_a_large_run_only_what_is_needed_is_kept(counted: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "WHOLE", 1000)
    assert set(make().clean) == {PATTERN}
    assert set(make(needed="hook_embed").clean) == {PATTERN, "hook_embed"}
    assert len(counted) == 2
    make()
    assert len(counted) == 2


def test_all_that_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    size = sum(array.nbytes for array in make(needed=None).clean.values()) + make().clean_logits.nbytes
    monkeypatch.setattr(runs, "TOGETHER", 3 * size)
    for word in "abcdefgh":
        make(text=f"{word} {TEXT[4:]}")
        assert 1 <= len(runs._kept) <= 3
    monkeypatch.setattr(runs, "TOGETHER", 10)
    assert make(text="x y z").clean[PATTERN].shape == (1, 2, 4, 4)
    assert not runs._kept


def test_more_than_fits_is_refused_with_the_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "MOST", 0)
    with pytest.raises(TextError, match=r"What this view needs of 7 tokens takes 0 MB, and at most 0 MB fit: shorten"):
        make()


def test_a_long_run_says_how_far_it_is_and_can_be_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(runs.steps(MODEL, TEXT, OTHER, (), None)) == []
    runs.clear()
    monkeypatch.setattr(runs, "SLOW", 0)
    changes = parse_all(["patch k 1.1"], MODEL.cfg)
    given_up = runs.steps(MODEL, TEXT, OTHER, changes, None)
    assert next(given_up) == "Clean run: layer 1 of 2."
    given_up.close()
    assert not runs._kept
    assert list(runs.steps(MODEL, TEXT, OTHER, changes, None)) == [
        f"{run}: layer {layer} of 2." for run in ("Clean run", "Other prompt", "With your changes") for layer in (1, 2)
    ]
    assert list(runs.steps(MODEL, "a b", OTHER, (), None)) == ["Layer 1 of 2.", "Layer 2 of 2."]


def test_the_other_prompt_is_as_long_and_only_asked_for_by_patches() -> None:
    with pytest.raises(ReaderError, match="must have as many tokens as the text, 7; it has 4") as caught:
        make("patch k 1.1", other="a b c")
    assert caught.value.control == "other"
    with pytest.raises(ReaderError, match="Type at least one word") as caught:
        make("patch k 1.1", other=" ")
    assert caught.value.control == "other"
    make("zero 0.0", "off patch k 1.1", other="a b c")


def test_on_repeats_patches_are_left_out() -> None:
    changes = parse_all(["zero 0.1", "patch k 1.1"], MODEL.cfg)
    made = finished(runs.steps_on_repeats(MODEL, changes, None))
    alone = finished(runs.steps_on_repeats(MODEL, changes[:1], None))
    assert made.logits is not None
    assert made.logits is alone.logits
    assert made.tokens.shape == (3, 63)
    assert finished(runs.steps_on_repeats(MODEL, changes[1:], None)).cache is None


def test_a_model_that_is_given_back_frees_its_runs() -> None:
    models.register("mine", MODEL.replace(use_attn_result=True))
    finished(runs.steps(models.get("mine"), TEXT, "", (), None))
    assert runs._kept
    models.forget("mine")
    assert not runs._kept
    assert replace(make(), labels=[]).labels == []
