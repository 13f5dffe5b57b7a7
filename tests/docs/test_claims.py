"""What the pages say in prose, measured on the models that ship."""

import numpy as np
import pytest

from circuit_explainer import zoo
from circuit_explainer.circuits.attribution import logit_attribution
from circuit_explainer.circuits.scores import head_scores
from circuit_explainer.core import ops

TEXT = "the cat sat . the cat"
TEXTS = (TEXT, "Ann met Bob , then Ann met", "red blue green red blue")
SOURCES = ("sat", "Bob", "green")
TRAINED = zoo.load("induction-2l")
BY_HAND = zoo.load("by-hand")


@pytest.mark.parametrize(("text", "source"), list(zip(TEXTS, SOURCES, strict=True)))
def test_both_upper_heads_look_at_the_word_that_came_after(text: str, source: str) -> None:
    """Home, and the lesson's titles: the last word looks at what followed it before, and the model expects that."""
    logits, cache = TRAINED.run_with_cache(text)
    words = TRAINED.to_str_tokens(text)
    for head in range(2):
        assert words[int(cache["pattern", 1][0, head, -1].argmax())] == source
    expected = TRAINED.to_tokens(text)[0].tolist().index(logits[0, -1].argmax())
    assert words[expected] == source


def test_the_heads_have_the_jobs_that_the_lesson_names() -> None:
    scores = {(row.layer, row.head): row for row in head_scores(TRAINED)}
    assert scores[0, 1].previous_token > 0.95
    assert scores[1, 0].induction > 0.95
    assert scores[1, 1].induction > 0.95
    assert scores[0, 0].previous_token < 0.1


def test_head_0_of_layer_0_mostly_looks_two_steps_back() -> None:
    _, cache = TRAINED.run_with_cache(TEXT)
    assert np.diagonal(cache["pattern", 0][0, 0], -2).mean() > 0.9


def test_the_two_induction_heads_make_the_prediction_and_the_previous_token_head_does_not() -> None:
    logits, cache = TRAINED.run_with_cache(TEXT)
    parts = logit_attribution(TRAINED, cache, int(logits[0, -1].argmax()))
    values = dict(zip(parts.labels, parts.values[0], strict=True))
    others = [value for name, value in values.items() if name not in ("L1H0", "L1H1")]
    assert values["L1H0"] > 0.5 * parts.logit[0]
    assert values["L1H1"] > 0.5 * parts.logit[0]
    assert max(others) < 0.05 * parts.logit[0]
    assert values["L0H1"] < 0


def test_in_the_circuit_written_by_hand_each_token_looks_just_before_it() -> None:
    _, cache = BY_HAND.run_with_cache(TEXT)
    assert np.diagonal(cache["pattern", 0][0, 0], -1).min() > 0.999


def test_words_that_occur_for_the_first_time_rest_on_bos() -> None:
    _, cache = BY_HAND.run_with_cache(TEXT)
    assert cache["pattern", 1][0, 0, 1:5, 0].min() > 0.999


def test_the_second_dog_looks_at_bites() -> None:
    text = "dog bites man . dog"
    _, cache = BY_HAND.run_with_cache(text)
    assert BY_HAND.to_str_tokens(text)[int(cache["pattern", 1][0, 0, -1].argmax())] == "bites"


def test_a_new_last_word_leaves_the_guess_spread_over_all_words() -> None:
    logits = BY_HAND("the cat sat . the bird")
    assert ops.softmax(logits[0, -1]).max() < 0.1


def test_upper_and_lower_case_are_different_symbols() -> None:
    """The playground: “The” and “the” do not match."""
    tokens = TRAINED.to_tokens("The cat . the")[0]
    assert tokens[1] != tokens[4]
