"""Heads are scored behind the model's own BOS."""

from pathlib import Path

import numpy as np

from circuit_explainer.circuits import repeats
from circuit_explainer.circuits.scores import SEQUENCES, head_scores
from circuit_explainer.core import load
from tests.circuits.conftest import random_model

GPT2 = Path(__file__).parents[1] / "parity" / "fixtures" / "checkpoints" / "gpt2"


def test_the_text_for_a_checkpoint_begins_with_its_bos() -> None:
    model = load(GPT2)
    given = repeats.some_repeats(model)
    assert (given.tokens[:, 0] == 16).all()
    assert (given.tokens[:, 1:] < 16).all()
    assert (given.tokens[:, 1:] == 0).any()
    by_number = repeats.repeated_tokens(17, 11, SEQUENCES, bos=16)
    np.testing.assert_array_equal(
        head_scores(model).column("induction"), head_scores(model, by_number).column("induction")
    )
    other = repeats.repeated_tokens(17, 11, SEQUENCES)
    assert (head_scores(model).column("induction") != head_scores(model, other).column("induction")).any()


def test_without_one_it_is_0() -> None:
    assert (repeats.some_repeats(random_model()).tokens[:, 0] == 0).all()
