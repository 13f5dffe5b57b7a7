"""Labels keep equal tokens apart, show white space, stay short, and carry no markup."""

import pytest

from circuit_explainer.charts import labels


def test_only_repeated_tokens_are_numbered() -> None:
    assert labels.numbered(["the", "cat", "the"]) == ["the₁", "cat", "the₂"]


def test_the_tenth_copy_has_two_digits() -> None:
    assert labels.numbered(["x"] * 10)[-1] == "x₁₀"


def test_white_space_is_visible() -> None:
    assert labels.numbered([" a", "\n"]) == ["␣a", "⏎"]


def test_a_long_label_is_cut_but_keeps_its_ordinal() -> None:
    assert labels.shortened("incomprehensible₂", 10) == "incompre…₂"
    assert labels.shortened("short") == "short"


@pytest.mark.parametrize(("raw", "shown"), [("a<b", "a&lt;b"), ("a&lt;b", "a&amp;lt;b"), ("100%", "100%")])
def test_plotly_shows_the_text_as_it_is(raw: str, shown: str) -> None:
    assert labels.plotly_text(raw) == shown


@pytest.mark.parametrize(
    ("weight", "words"),
    [
        (0.996, "all of its attention"),
        (0.95, "almost all of its attention"),
        (0.7, "most of its attention"),
        (0.5, "about half of its attention"),
        (0.25, "some of its attention"),
        (0.1, "little more than any other token"),
    ],
)
def test_amounts_in_words(weight: float, words: str) -> None:
    assert labels.amount(weight) == words
