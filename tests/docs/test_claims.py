"""What the pages say in prose, measured on the models that ship."""

from pathlib import Path

import numpy as np
import pytest

from circuit_explainer import zoo
from circuit_explainer.circuits.ablation import zero_heads
from circuit_explainer.circuits.attribution import logit_attribution
from circuit_explainer.circuits.scores import head_scores, induction_targets
from circuit_explainer.core.run import ops
from circuit_explainer.exhibits import Exhibit
from tests.build.render import render

TEXT = "the cat sat . the cat"
TEXTS = (TEXT, "Ann met Bob , then Ann met", "red blue green red blue")
SOURCES = ("sat", "Bob", "green")
TRAINED = zoo.load("induction-2l")
BY_HAND = zoo.load("by-hand")
DOCS = Path(__file__).parents[2] / "docs"
LESSON = "lessons/see-an-induction-head.md"


def sentence(page: str, exhibit: str, **values: str) -> str:
    """Return what an exhibit of a page says for these values of its controls."""
    drawn = render(DOCS / page)[1].namespace[exhibit]
    assert isinstance(drawn, Exhibit)
    return drawn.draw(values).summary


def test_the_models_have_the_size_that_the_pages_say() -> None:
    """Home: a two-layer transformer. Lesson: two layers with one head each, then two layers with two heads each."""
    assert (BY_HAND.cfg.n_layers, BY_HAND.cfg.n_heads) == (2, 1)
    assert (TRAINED.cfg.n_layers, TRAINED.cfg.n_heads) == (2, 2)


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


def test_the_first_dog_has_an_empty_note() -> None:
    """Its note is what layer 0 copies to it; nobody looks at it."""
    _, cache = BY_HAND.run_with_cache("dog bites man . dog")
    assert np.abs(cache["attn_out", 0][0, 1]).max() < 1e-6
    assert np.abs(cache["attn_out", 0][0, 2]).max() > 0.9
    assert cache["pattern", 1][0, 0, -1, 1] < 1e-6


def test_the_trained_head_looks_where_the_one_by_hand_looked() -> None:
    _, by_hand = BY_HAND.run_with_cache(TEXT)
    _, trained = TRAINED.run_with_cache(TEXT)
    np.testing.assert_array_equal(trained["pattern", 1][0, 1].argmax(-1), by_hand["pattern", 1][0, 0].argmax(-1))


def test_without_the_note_the_induction_heads_find_nothing_and_head_0_is_hardly_needed() -> None:
    for text in TEXTS:
        target = int(induction_targets(TRAINED.to_tokens(text)[0])[-1].argmax())
        for head, found in ((1, False), (0, True)):
            logits, cache = TRAINED.run_with_cache(text, fwd_hooks=zero_heads(TRAINED.cfg, [(0, head)]))
            looked = cache["pattern", 1][0, :, -1, target]
            assert (looked > 0.9).all() if found else (looked < 0.01).all()
            assert (logits[0, -1].argmax() == TRAINED.to_tokens(text)[0, target]) == found


@pytest.mark.parametrize("name", ["induction-2l", "by-hand"])
@pytest.mark.parametrize("text", [*TEXTS, "the cat sat on the mat . the cat"])
def test_which_number_a_word_gets_hardly_matters(name: str, text: str) -> None:
    model = zoo.load(name)
    tokens = model.to_tokens(text)[0]
    expected = model(tokens)[0, -1].argmax()
    rng = np.random.default_rng(0)
    same = 0
    for _ in range(100):
        numbers = np.array([0, *rng.permutation(np.arange(1, model.cfg.d_vocab))])
        same += int(model(numbers[tokens])[0, -1].argmax() == numbers[expected])
    assert same >= 99


@pytest.mark.parametrize(
    ("exhibit", "text"),
    [
        ("previous_token_head", "“cat₂” looks at “the₂” with 1.00"),
        ("induction_head", "“cat₂” looks at “sat” with 1.00"),
        ("next_word", "best guess for the next word is “sat”"),
        ("one_head", "“cat₂” looks at “sat” with 1.00"),
        ("where_it_comes_from", "The logit of “sat”"),
    ],
)
def test_titles_of_the_lesson_are_true_of_the_first_state(exhibit: str, text: str) -> None:
    assert text in sentence(LESSON, exhibit)


def test_a_new_last_word_leaves_every_word_as_likely_as_any_other() -> None:
    text = "the cat sat . the bird"
    probabilities = ops.softmax(BY_HAND(text)[0, -1])
    np.testing.assert_allclose(probabilities, 1 / BY_HAND.cfg.d_vocab, rtol=1e-4)
    assert sentence(LESSON, "next_word", text=text).startswith("No word stands out")


@pytest.mark.parametrize("model", ["induction-2l", "by-hand"])
@pytest.mark.parametrize("text", ["the cat sat . the bird", "a", "The cat . the"])
def test_no_word_stands_out_in_the_playground_after_a_new_one(model: str, text: str) -> None:
    assert sentence("playground/index.md", "next_word", text=text, model=model).startswith("No word stands out")


@pytest.mark.parametrize("text", ["the cat sat . the bird", "a", "<BOS> a"])
def test_the_word_whose_logit_is_explained_is_one_of_the_readers(text: str) -> None:
    explained = sentence(LESSON, "where_it_comes_from", text=text)
    assert any(explained.startswith(f"The logit of “{word}” is") for word in text.split())


def test_upper_and_lower_case_are_different_symbols() -> None:
    """The playground: “The” and “the” do not match, so the heads that look for repeats rest on BOS."""
    tokens = TRAINED.to_tokens("The cat . the")[0]
    assert tokens[1] != tokens[4]
    _, cache = TRAINED.run_with_cache(tokens)
    assert cache["pattern", 1][0, :, -1].argmax(-1).tolist() == [0, 0]
