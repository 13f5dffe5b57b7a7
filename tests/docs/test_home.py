"""What the home page says in prose, measured on the models that ship."""

import numpy as np
import pytest

from circuit_explainer import zoo

TEXT = "the cat sat . the cat"
TEXTS = (TEXT, "Ann met Bob , then Ann met", "red blue green red blue")
SOURCES = ("sat", "Bob", "green")
TRAINED = zoo.load("induction-2l")
BY_HAND = zoo.load("by-hand")


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
