"""Any text at all for the tokenizers of words and of characters; apart, since hypothesis is not in the browser."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circuit_explainer.core import TextError
from circuit_explainer.core.tokenizers.characters import CHARACTERS
from circuit_explainer.core.tokenizers.symbols import split
from tests.core.tokenizers.test_characters import MODEL
from tests.core.tokenizers.test_symbols import SMALL


@settings(deadline=None)
@given(st.text(st.sampled_from(CHARACTERS), min_size=1, max_size=63))
def test_any_plain_text_comes_back(text: str) -> None:
    tokens = MODEL.to_tokens(text)
    assert MODEL.decode(tokens) == text
    assert "".join(MODEL.to_str_tokens(text)[1:]) == text


@settings(deadline=None)
@given(st.text(max_size=100))
def test_any_text_gives_a_sentence_or_fitting_characters(text: str) -> None:
    try:
        tokens = MODEL.to_tokens(text)
    except TextError as error:
        message = str(error)
        assert message.endswith(".")
        assert "\n" not in message
        assert message.encode()  # no lone surrogate
        assert len(message) < 200
    else:
        assert tokens.shape[1] == len(MODEL.plain(text)) + 1 <= 64


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_gives_a_sentence_or_fitting_words(text: str) -> None:
    words = split(text)
    if not 0 < len(words) < 8 or len(set(words)) > 4:
        with pytest.raises(TextError, match=r"\.$"):
            SMALL.to_tokens(text)
        return
    tokens, labels, words = SMALL.to_tokens(text), SMALL.labels(text), SMALL.to_str_tokens(text)
    assert tokens.shape == (1, len(words))
    assert tokens.max() < 5
    assert [labels[token] for token in tokens[0]] == words
    assert all(word and not any(c.isspace() for c in word) for word in words)


@settings(deadline=None)
@given(st.text(max_size=100))
def test_splitting_the_words_again_changes_nothing(text: str) -> None:
    words = split(text)
    assert split(" ".join(words)) == words
