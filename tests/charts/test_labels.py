"""Labels keep equal tokens apart, show white space, stay short in columns, and carry no markup."""

import unicodedata

import pytest

from circuit_explainer.charts import labels


def test_only_repeated_tokens_are_numbered() -> None:
    assert labels.numbered(["the", "cat", "the"]) == ["the₁", "cat", "the₂"]


def test_the_tenth_copy_has_two_digits() -> None:
    assert labels.numbered(["x"] * 10)[-1] == "x₁₀"


def test_white_space_is_visible() -> None:
    assert labels.numbered([" a", "\n"]) == ["␣a", "⏎"]


def test_a_mark_without_a_letter_gets_a_circle() -> None:
    assert labels.numbered(["\u0301", "e\u0301"]) == ["◌\u0301", "e\u0301"]


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("cat₂", 4),
        ("猫が", 4),
        ("ｆｕｌｌ", 8),
        ("e\u0301", 1),
        ("नमस्ते", 4),
        ("が", 2),
        (unicodedata.normalize("NFD", "が"), 2),
        ("👍", 2),
        ("❤\ufe0f", 2),
        ("1\ufe0f\u20e3", 2),
        ("a\u200cb", 2),
    ],
)
def test_wide_characters_take_two_columns_and_marks_none(text: str, columns: int) -> None:
    assert labels.width(text) == columns


def test_a_long_label_is_cut_but_keeps_its_ordinal() -> None:
    assert labels.shortened("incomprehensible₂", 10) == "incompre…₂"
    assert labels.shortened("short") == "short"


def test_a_wide_label_is_cut_by_its_columns() -> None:
    assert labels.shortened("猫" * 7) == "猫" * 7
    assert labels.shortened("猫" * 8) == "猫" * 6 + "…"
    assert labels.shortened("猫" * 8 + "₁₂") == "猫" * 5 + "…₁₂"


@pytest.mark.parametrize("letter", ["e\u0301\u0323", "\u0915\u093f", "👩\u200d👧", "👍🏽", "❤\ufe0f"])
def test_a_cut_leaves_letters_their_marks(letter: str) -> None:
    cut = labels.shortened(letter * 40)
    assert labels.width(cut) <= labels.CHART_WIDTH
    assert len(cut) > 1
    assert cut == letter * (len(cut) // len(letter)) + "…"


def test_subscripts_that_are_a_word_are_cut_too() -> None:
    assert labels.shortened("₂" * 40) == "₂" * 10 + "…₂₂₂"


def test_a_sentence_cuts_a_word_later_than_a_chart() -> None:
    word = "incomprehensibilities"
    assert labels.quoted(word) == f"“{word}”"
    assert labels.quoted("x" * 900 + "₂") == f"“{'x' * 22}…₂”"


def test_a_word_from_right_to_left_keeps_the_numbers_after_it_in_their_place() -> None:
    assert labels.quoted("שלום") == "“\u2068שלום\u2069”"
    assert labels.quoted("مرحبا₂") == "“\u2068مرحبا₂\u2069”"
    assert labels.quoted("猫") == "“猫”"


@pytest.mark.parametrize(("items", "text"), [(["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")])
def test_items_are_listed_as_a_sentence_does(items: list[str], text: str) -> None:
    assert labels.listed(items) == text


def test_the_margin_fits_what_the_ticks_show() -> None:
    def room(label: str) -> int:
        return labels.margin([label], per_column=1) - labels.margin([], per_column=1)

    assert room("cat") == 3
    assert room("猫が") == 4
    assert room("<&>") == 3
    assert room("<" * 40) == labels.CHART_WIDTH


@pytest.mark.parametrize(("raw", "shown"), [("a<b", "a&lt;b"), ("a&lt;b", "a&amp;lt;b"), ("100%", "100%")])
def test_plotly_shows_the_text_as_it_is(raw: str, shown: str) -> None:
    assert labels.plotly_text(raw) == shown


def test_a_label_in_a_template_takes_no_numbers_of_the_chart() -> None:
    assert labels.hover_text("<%{x}> 100%") == "&lt;%&#123;x}&gt; 100%"


@pytest.mark.parametrize(
    ("weight", "words"),
    [
        (0.996, "all of its attention"),
        (0.95, "almost all of its attention"),
        (0.7, "most of its attention"),
        (0.5, "about half of its attention"),
        (0.25, "some of its attention"),
        (0.195, "some of its attention"),
        (0.1, "less than a fifth of its attention"),
    ],
)
def test_amounts_in_words(weight: float, words: str) -> None:
    assert labels.amount(weight) == words


@pytest.mark.parametrize(
    ("value", "text"), [(1.5, "+1.50"), (-0.25, "−0.25"), (0.0, "0.00"), (-0.001, "0.00"), (0.004, "0.00")]
)
def test_signs_are_printed_and_zero_has_none(value: float, text: str) -> None:
    assert labels.signed(value) == text
