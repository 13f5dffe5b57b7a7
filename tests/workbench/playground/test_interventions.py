"""Interventions are read as they are written, each says another thing, and junk is refused in words."""

import re
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from circuit_explainer.core import Config
from circuit_explainer.workbench.playground import interventions
from circuit_explainer.workbench.playground.interventions import (
    FORMS,
    Intervention,
    control,
    parse,
    parse_all,
    sentence,
)

SIZES: dict[str, Any] = {"d_model": 6, "n_ctx": 8, "d_head": 3, "d_vocab": 9, "normalization_type": None}
PLAIN = Config(n_layers=2, n_heads=2, attn_only=True, **SIZES)
MLPS = Config(n_layers=12, n_heads=12, act_fn="gelu", **SIZES)
SHARED = Config(n_layers=2, n_heads=6, n_key_value_heads=2, act_fn="relu", **SIZES)
NONE = Config(n_layers=0, n_heads=1, attn_only=True, **SIZES)


@st.composite
def listed(draw: st.DrawFn) -> Intervention:
    form = draw(st.sampled_from(sorted(FORMS)))
    layer = draw(st.integers(0, MLPS.n_layers - 1))
    head = draw(st.integers(0, MLPS.n_heads - 1)) if FORMS[form].place == "head" else None
    return Intervention(form, layer, head, draw(st.booleans()))


@given(listed())
def test_what_is_written_is_read(one: Intervention) -> None:
    assert parse(one.wire, MLPS) == one


@given(listed(), listed())
def test_two_interventions_say_two_things(one: Intervention, other: Intervention) -> None:
    same = (one.form, one.layer, one.head) == (other.form, other.layer, other.head)
    assert (sentence(one, MLPS) == sentence(other, MLPS)) == same


@given(listed())
def test_the_control_offers_just_what_can_be_read(one: Intervention) -> None:
    edits = control(MLPS)
    assert edits is not None
    assert edits.parse([one.wire]) == (one.wire,)
    assert edits.sentence(one.wire) == sentence(one, MLPS)


WORDS = ["zero", "mean", "patch", "freeze", "off", "k", "mlp", "resid_pre", "0", "1", "0.0", "9.9", "00.1", ".1", "٣"]
JUNK = st.one_of(
    st.text(), st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join), st.none(), st.integers(), st.lists(st.text())
)


@settings(max_examples=500)
@example("\x1f" * 40, PLAIN)
@given(JUNK, st.sampled_from([PLAIN, MLPS, SHARED, NONE]))
def test_junk_is_refused_in_words(junk: str, cfg: Config) -> None:
    told = ""
    try:
        one = parse(junk, cfg)
        assert parse(one.wire, cfg) == one
        told = sentence(one, cfg)
    except ValueError as error:
        told = str(error)
    assert told.endswith(".")
    assert len(told) < 160


@pytest.mark.parametrize(
    ("wire", "cfg", "message"),
    [
        ("zero", PLAIN, "“zero” needs a head, written as layer and head: 0.1 is L0H1."),
        ("zero 2.0", PLAIN, "“zero 2.0”: there is no head 2.0 in this model; it has 0.0 to 1.1."),
        ("zero 0.0", NONE, "“zero 0.0”: there is no head 0.0 in this model; it has none."),
        ("freeze 2", PLAIN, "“freeze 2”: there is no layer 2 in this model; it has 0 to 1."),
        ("zero mlp 0", PLAIN, "“zero mlp 0”: this model has no MLPs, only attention; remove this one."),
        ("patch resid_pre 0.1", PLAIN, "“patch resid_pre 0.1” needs a layer, as patch resid_pre 0."),
        ("swap 0.1", PLAIN, "“swap 0.1” is no intervention; expected one such as zero 0.0, patch k 1.1 or freeze 0."),
    ],
)
def test_errors_say_what_was_wrong_and_what_there_is(wire: str, cfg: Config, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        parse(wire, cfg)


def test_a_long_list_is_refused() -> None:
    with pytest.raises(ValueError, match="At most 12 interventions fit; these are 13: remove 1"):
        parse_all(["zero 0.0"] * 13, PLAIN)
    assert len(parse_all(["zero 0.0"] * interventions.MOST, PLAIN)) == interventions.MOST


def test_sentences_are_orders_that_name_places() -> None:
    told = [
        sentence(parse(wire, MLPS), MLPS) for wire in ("zero 0.1", "freeze 0", "freeze 3", "freeze 11", "zero mlp 2")
    ]
    assert told == [
        "Zero the output of L0H1.",
        "Keep the attention patterns of all layers as in the clean run.",
        "Keep the attention patterns of layers 3 to 11 as in the clean run.",
        "Keep the attention patterns of layer 11 as in the clean run.",
        "Zero the output of the MLP of layer 2.",
    ]


def test_heads_that_share_keys_are_named() -> None:
    assert sentence(parse("patch k 1.4", SHARED), SHARED) == (
        "Take the keys of L1H4 (shared with L1H3 and L1H5) from the other prompt."
    )
    assert sentence(parse("patch q 1.4", SHARED), SHARED) == "Take the queries of L1H4 from the other prompt."


def test_a_model_offers_what_it_has() -> None:
    assert control(NONE) is None
    plain, mlps = control(PLAIN), control(MLPS)
    assert plain is not None
    assert mlps is not None
    assert "zero mlp" not in plain.kinds
    assert list(mlps.kinds) == list(FORMS)


def test_what_can_be_used_of_a_list_keeps_its_order() -> None:
    assert interventions.usable(["zero 0.1", "", "off zero 7.7", "off freeze 1"], PLAIN) == ["zero 0.1", "off freeze 1"]
    assert interventions.usable(["zero 0.0"] * 20, PLAIN) == ["zero 0.0"] * interventions.MOST
    assert interventions.usable(["zero 0.0"], NONE) == []
    assert interventions.usable("zero 0.0", PLAIN) == []
