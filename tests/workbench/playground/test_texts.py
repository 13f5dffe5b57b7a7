"""Texts of any model: read, offered, and paired with another prompt."""

import numpy as np
import pytest

from circuit_explainer import zoo
from circuit_explainer.core import Config, SymbolTokenizer, TextError, Transformer, weight_shapes
from circuit_explainer.exhibits import ReaderError
from circuit_explainer.workbench.playground import texts

SYMBOLS, CHARACTERS = zoo.load("induction-2l"), zoo.load("text-2l")


def numbers_only(**fields: object) -> Transformer:
    sizes = {"n_layers": 1, "n_heads": 2, "d_head": 3, "d_model": 7, "n_ctx": 8, "d_vocab": 9, "attn_only": True}
    cfg = Config.from_dict({**sizes, **fields})
    return Transformer(cfg, {name: np.zeros(shape) for name, shape in weight_shapes(cfg).items()})


def test_without_a_tokenizer_a_text_is_its_tokens() -> None:
    tokens, labels = texts.read(numbers_only(), " 0 5  07 5")
    assert tokens.tolist() == [[0, 5, 7, 5]]
    assert labels == ["0", "5", "7", "5"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0 five", "has no tokenizer, so type tokens as numbers, as 0 5 7 5. Got 'five'"),
        ("", "Got ''"),
        ("-1", "Got '-1'"),
        ("٣", "Got '٣'"),
        ("9", "between 0 and d_vocab - 1 = 8; got 9"),
        ("1 " * 9, "at most n_ctx=8 tokens; got 9: shorten them"),
        ("1" * 5000, "type tokens as numbers"),
    ],
)
def test_other_texts_are_refused_in_words(text: str, message: str) -> None:
    with pytest.raises(TextError) as caught:
        texts.read(numbers_only(), text)
    assert message in str(caught.value)
    assert len(str(caught.value)) < 160


@pytest.mark.parametrize(
    "model", [SYMBOLS, CHARACTERS, zoo.load("text-0l"), numbers_only(), numbers_only(n_ctx=3), numbers_only(d_vocab=1)]
)
def test_what_is_offered_fits_the_model(model: Transformer) -> None:
    control = texts.control(model)
    for text in (control.default, *control.examples):
        tokens, labels = texts.read(model, text)
        assert tokens.shape == (1, len(labels))
        other = texts.other_control(model, text).default
        assert texts.pair(model, text, other)[1].shape == tokens.shape


def test_small_models_get_short_texts() -> None:
    small = Transformer(SYMBOLS.cfg, SYMBOLS.weights, SymbolTokenizer(4, 6))
    assert texts.control(small).default == "a b a"


def test_a_text_up_to_the_context_can_be_typed() -> None:
    long = " ".join("abcdefg"[n % 7] * 9 for n in range(SYMBOLS.cfg.n_ctx - 1))
    assert texts.read(SYMBOLS, texts.control(SYMBOLS).parse(long))[0].shape == (1, SYMBOLS.cfg.n_ctx)


def test_words_of_both_prompts_share_their_symbols() -> None:
    first, second = texts.pair(SYMBOLS, "the cat sat", "a cat ran")
    assert first.tolist() == [[0, 1, 2, 3]]
    assert second.tolist() == [[0, 4, 2, 5]]
    same, turned = texts.pair(CHARACTERS, "ab", "ba")
    assert same[0, 1:].tolist() == turned[0, :0:-1].tolist()


def test_too_many_different_words_in_both_prompts() -> None:
    one, two = " ".join(f"a{n}" for n in range(40)), " ".join(f"b{n}" for n in range(40))
    with pytest.raises(ReaderError, match="both prompts together have 80: use some words in both") as caught:
        texts.pair(SYMBOLS, one, two)
    assert caught.value.control == "other"
