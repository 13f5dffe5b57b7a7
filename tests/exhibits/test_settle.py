"""What holds of any values, and links that hold them: whatever comes in, a usable state comes out, and it says so."""

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circuit_explainer.exhibits import Choice, Control, Edit, Edits, Exhibit, Several, Slider, Text, Toggle, exhibit
from circuit_explainer.exhibits.controls import Wire
from circuit_explainer.exhibits.settle import LONGEST, read_link, settle, write_link
from tests.exhibits.sample import SampleChart

HEADS = {"small": ("L0H0", "L1H0"), "large": ("L0H0", "L0H1", "L1H0", "L1H1")}


def controls(wires: Mapping[str, Wire]) -> dict[str, Control]:
    model = str(wires.get("model"))
    heads = HEADS.get(model, HEADS["small"])
    own: dict[str, Control] = (
        {"head": Choice(*heads)} if wires.get("view") == "One" else {"parts": Several("a", "b", "c")}
    )
    return {
        "model": Choice("small", "large"),
        "text": Text("a b a", max_tokens=5),
        "view": Choice("All", "One"),
        **own,
        "edits": Edits({"zero": Edit("Zero", "Zero {place}.", {name: name for name in heads})}),
        **({"run": Choice("clean", "intervened")} if wires.get("edits") else {}),
        "numbers": Toggle(),
        "size": Slider(0, 9, 3),
    }


@exhibit(follow=controls)
def bench(**values: object) -> SampleChart:
    return SampleChart(repr(values))


def test_the_first_state_has_the_shortest_link() -> None:
    assert write_link(settle(bench, {})) == "v=1"
    assert read_link(bench, "v=1").wires == bench.defaults()


def test_a_link_says_what_differs_from_the_first_state() -> None:
    wires: dict[str, Wire] = {
        "model": "large", "view": "One", "head": "L1H1", "text": "x & y", "edits": ["zero L0H1", "off zero L1H1"]
    }  # fmt: skip
    link = write_link(settle(bench, wires))
    assert link == "v=1&model=large&text=x+%26+y&view=One&head=L1H1&edits=zero+L0H1&edits=off+zero+L1H1"
    assert settle(bench, wires).wires == read_link(bench, link).wires
    assert read_link(bench, link).notes == ()


def states() -> st.SearchStrategy[dict[str, Wire]]:
    def of(model: str) -> st.SearchStrategy[dict[str, Wire]]:
        changes = st.sampled_from([f"{off}zero {head}" for head in HEADS[model] for off in ("", "off ")])
        return st.fixed_dictionaries(
            {"model": st.just(model)},
            optional={
                "text": st.text(st.characters(codec="utf-8"), min_size=1, max_size=30),
                "view": st.sampled_from(["All", "One"]),
                "head": st.sampled_from(HEADS[model]),
                "parts": st.lists(st.sampled_from("abc"), unique=True).map(sorted),
                "edits": st.lists(changes, max_size=12),
                "numbers": st.booleans(),
                "size": st.integers(0, 9).map(str),
            },
        )

    return st.sampled_from(["small", "large"]).flatmap(of)


@settings(deadline=None)
@given(states())
def test_a_link_gives_back_the_state_that_it_was_made_of(wires: dict[str, Wire]) -> None:
    settled = settle(bench, wires)
    back = read_link(bench, write_link(settled))
    assert back.wires == settled.wires
    assert back.notes == ()


@settings(deadline=None, max_examples=1000)
@given(
    st.text()
    | st.text().map("v=1&".__add__)
    | st.lists(
        st.sampled_from(
            [
                "v=1",
                "model=large",
                "model=none",
                "view=One",
                "head=L1H1",
                "head=%FF",
                "text=",
                "edits=zero+L9H9",
                "size=x",
                "numbers=maybe",
                "=",
                "&",
                "a=b",
                "parts=q",
            ]
        )
    ).map("&".join)
)
def test_any_link_opens(link: str) -> None:
    opened = read_link(bench, link)
    assert opened.wires.keys() == opened.controls.keys()
    for name, control in opened.controls.items():
        if name != "text":
            control.parse(opened.wires[name])
    assert all(note.endswith(".") for note in opened.notes)


@pytest.mark.parametrize(
    ("link", "note"),
    [
        ("v=7&model=large", "The link has version “7”; this page reads version 1. The first state is shown."),
        ("model=large", "The link has no version; this page reads version 1. The first state is shown."),
        ("v=1&text=%FF", "The link is damaged: its text cannot be read. The first state is shown."),
        (
            "v=1&" + "a" * LONGEST,
            f"The link has {LONGEST + 4} characters; at most {LONGEST} can be read. The first state is shown.",
        ),
    ],
)  # fmt: skip
def test_a_link_that_cannot_be_read_opens_the_first_state_and_says_why(link: str, note: str) -> None:
    opened = read_link(bench, link)
    assert (opened.wires, opened.notes) == (bench.defaults(), (note,))


def test_what_a_link_holds_and_the_page_does_not_know_is_told() -> None:
    opened = read_link(bench, "v=1&view=One&head=L5H5&colour=red&model=large")
    assert opened.wires["head"] == "L0H0"
    assert opened.notes == ("Head: “L5H5” is not offered here, so it is “L0H0”.", "“colour” means nothing here.")


def test_another_model_takes_away_what_it_does_not_have() -> None:
    settled = settle(bench, {"model": "small", "edits": ["zero L0H1", "zero L1H0"]})
    assert settled.wires["edits"] == ["zero L1H0"]
    assert settled.notes == ("Edits: “zero L0H1” cannot be used here and was left out.",)


def test_controls_that_hang_on_what_was_left_out_go_with_it() -> None:
    settled = settle(bench, {"edits": ["zero L9H9"], "run": "intervened"})
    assert settled.wires == bench.defaults()
    assert bench.draw(settled.wires).summary


def test_the_same_change_may_stand_twice_in_a_list_and_too_many_are_left_out() -> None:
    twice = ["zero L0H0", "off zero L0H0", "zero L0H0"]
    assert settle(bench, {"edits": [*twice, "zero L9H9"]}).wires["edits"] == twice
    many = settle(bench, {"edits": ["zero L0H0"] * 13})
    assert many.wires["edits"] == ["zero L0H0"] * 12
    assert many.notes == ("Edits: “zero L0H0” cannot be used here and was left out.",)


def test_a_text_that_cannot_be_used_stays_for_the_reader_to_mend() -> None:
    settled = settle(bench, {"text": "a b c d e f"})
    assert (settled.wires["text"], settled.notes) == ("a b c d e f", ())


def test_half_of_a_character_does_not_stop_a_link() -> None:
    assert write_link(settle(bench, {"text": "a \ud800"})) == "v=1&text=a+%3F"


def test_controls_are_checked_where_all_follow() -> None:
    assert isinstance(bench, Exhibit)
    with pytest.raises(TypeError, match="Exhibit 'f' has `follow`"):

        @exhibit(follow=controls, head=Choice(0, 1))
        def f(**values: object) -> SampleChart:
            return SampleChart()
