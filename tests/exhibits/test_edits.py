"""The list of changes that a reader builds: what is accepted, what it says, and its static markup."""

import re

import pytest

from circuit_explainer.exhibits import Control, Edit, Edits, Toggle, form

KINDS = {
    "zero": Edit("Zero a head", "Zero {place}.", {"0.0": "L0H0", "0.1": "L0H1"}),
    "zero mlp": Edit("Zero an MLP", "Zero the MLP of layer {place}.", {"0": "0"}),
}


def test_changes_say_what_they_do() -> None:
    edits = Edits(KINDS)
    assert edits.parse(["zero 0.1", "off zero mlp 0"]) == ("zero 0.1", "off zero mlp 0")
    assert edits.sentence("zero 0.1") == "Zero L0H1."
    assert edits.sentence("off zero mlp 0") == "Zero the MLP of layer 0."


@pytest.mark.parametrize("wire", ["zero", "zero 0.2", "off", "", "off off zero 0.0", "zero  0.0", "zero mlp 0.0"])
def test_what_is_not_offered_is_named(wire: str) -> None:
    with pytest.raises(ValueError, match=re.escape(f"The change {wire!r} is not offered here.")):
        Edits(KINDS).parse([wire])


def test_a_list_has_an_end() -> None:
    with pytest.raises(ValueError, match="At most 2 changes fit here. Got 3: take away 1."):
        Edits(KINDS, most=2).parse(["zero 0.0"] * 3)
    with pytest.raises(ValueError, match="Expected a list of changes. Got 'zero 0.0'."):
        Edits(KINDS).parse("zero 0.0")
    with pytest.raises(ValueError, match="needs a place. Got none for 'zero'"):
        Edits({"zero": Edit("Zero", "Zero.", {})})


def test_each_change_is_a_sentence_with_buttons() -> None:
    html = form.field("e", "edits", Edits(KINDS), wire=["zero 0.0", "off zero 0.1"])
    assert re.findall(r'data-item="([^"]+)"( checked)?> <span>([^<]+)', html) == [
        ("zero 0.0", " checked", "Zero L0H0."),
        ("zero 0.1", "", "Zero L0H1."),
    ]
    assert re.findall(r'data-edit="(\S+)" aria-label="([^"]+)"( aria-disabled="true")?', html) == [
        ("-1", "Earlier: Zero L0H0.", ' aria-disabled="true"'),
        ("1", "Later: Zero L0H0.", ""),
        ("remove", "Take away: Zero L0H0.", ""),
        ("-1", "Earlier: Zero L0H1.", ""),
        ("1", "Later: Zero L0H1.", ' aria-disabled="true"'),
        ("remove", "Take away: Zero L0H1.", ""),
    ]
    assert "<details" in html
    assert " open>" in html
    assert "<summary>Edits: 2</summary>" in html


def test_an_empty_list_is_folded_and_offers_every_kind() -> None:
    html = form.field("e", "edits", Edits(KINDS, label="Changes"))
    assert "<summary>Changes: none</summary>" in html
    assert " open>" not in html
    assert re.findall(r'data-places="([^"]+)" aria-label="Where"( hidden)?', html) == [
        ("zero", ""),
        ("zero mlp", " hidden"),
    ]


def test_hostile_words_stay_words() -> None:
    hostile = {"x": Edit("<b>", "<i>{place}", {'"><script>': "</span>"})}
    html = form.field("e", "edits", Edits(hostile), wire=['x "><script>'])
    assert "<script>" not in html
    assert "<b>" not in html
    assert "<i>" not in html


def test_what_stands_behind_a_list_of_changes_is_never_folded() -> None:
    controls: dict[str, Control] = {f"c{n}": Toggle() for n in range(7)}
    html = form.fields("e", {**controls, "edits": Edits(KINDS), "run": Toggle()})
    shown, _, rest = html.partition('<details class="more">')
    folded, _, behind = rest.partition('<details class="field" data-kind="edits"')
    named = re.compile(r'data-control="(\w+)"')
    assert named.findall(shown) == ["c0", "c1", "c2", "c3", "c4"]
    assert named.findall(folded) == ["c5", "c6"]
    assert named.findall(behind) == ["run"]
