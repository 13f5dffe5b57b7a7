"""Controls: wrong definitions fail when they are made, wrong input is refused in words for the reader."""

from collections.abc import Callable

import pytest

from circuit_explainer.exhibits import Choice, Several, Slider, Text, Toggle


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Choice(1), "at least two options"),
        (lambda: Choice(1, "1"), "must differ"),
        (lambda: Choice(0, 1, default=2), r"must be one of \(0, 1\)\. Got 2"),
        (lambda: Slider(0, 1, 2), "must lie from 0 to 1. Got 2"),
        (lambda: Slider(0, 2, 1, names=("a", "b")), "a name for each of its 3 numbers. Got 2"),
        (lambda: Several("a"), "at least two options, all different"),
        (lambda: Several("a", "b", default=("c",)), r"Choose any of a, b. Got \['c'\]"),
        (lambda: Slider(1, 1, 1), "minimum < maximum"),
        (lambda: Slider(0, 1, 0.5, step=0), "step must be positive"),
        (lambda: Text(""), "The text is empty"),
        (lambda: Text("a b c", max_tokens=2), "has 3 words; at most 2"),
        (lambda: Text("a", max_tokens=2, examples=("a b c",)), "has 3 words; at most 2"),
        (lambda: Text("a", tokens="letters"), "'words' or 'characters'"),
    ],
)
def test_a_control_that_cannot_be_is_refused_when_it_is_made(make: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


def test_a_choice_gives_back_the_option_in_its_own_type() -> None:
    assert Choice(0, 1).parse("1") == 1
    assert Choice("a", "b").parse("b") == "b"
    with pytest.raises(ValueError, match="Choose one of 0, 1. Got '2'"):
        Choice(0, 1).parse("2")


def test_the_default_of_a_choice_is_its_first_option() -> None:
    assert Choice(3, 4).default == 3
    assert Choice(3, 4, default=4).default == 4


def test_several_give_what_is_chosen_in_their_own_order() -> None:
    assert Several("a", "b", "c").default == ("a", "b", "c")
    assert Several("a", "b", "c").parse(["c", "a"]) == ("a", "c")
    assert Several("a", "b").parse([]) == ()
    for wire in ("a", ["d"], True):
        with pytest.raises(ValueError, match="Choose any of a, b"):
            Several("a", "b").parse(wire)


def test_a_slider_gives_whole_numbers_where_it_has_only_whole_ones() -> None:
    whole = Slider(0, 10, 5).parse("7")
    assert (whole, type(whole)) == (7, int)
    assert Slider(0, 1, 0.5, step=0.25).parse("0.75") == 0.75


@pytest.mark.parametrize("wire", ["11", "-1", "x", "nan", ["1"]])
def test_a_slider_refuses_what_lies_outside(wire: str | list[str]) -> None:
    with pytest.raises(ValueError, match="Expected a number"):
        Slider(0, 10, 5).parse(wire)


def test_text_counts_words_or_characters() -> None:
    assert Text("a", max_tokens=3).parse("a b c") == "a b c"
    with pytest.raises(ValueError, match="has 4 words; at most 3 fit here. Take away 1"):
        Text("a", max_tokens=3).parse("a b c d")
    with pytest.raises(ValueError, match="has 5 characters; at most 3"):
        Text("a", max_tokens=3, tokens="characters").parse("a b c")


def test_one_endless_word_is_too_long() -> None:
    with pytest.raises(ValueError, match="has 1002 characters; at most 1000 fit here. Take away 2"):
        Text("a").parse("x" * 1002)


@pytest.mark.parametrize("wire", ["", "   ", "\n"])
def test_empty_text_is_refused(wire: str) -> None:
    with pytest.raises(ValueError, match=r"Type at least one word\.$"):
        Text("a").parse(wire)
    with pytest.raises(ValueError, match="or choose an example"):
        Text("a", examples=("b",)).parse(wire)


def test_a_toggle_takes_only_true_and_false() -> None:
    assert Toggle().parse(True) is True
    with pytest.raises(ValueError, match="Expected on or off"):
        Toggle().parse("true")
