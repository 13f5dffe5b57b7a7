"""The playground as an exhibit: its controls follow from their values, every state draws, and says what it ignored."""

import json
import re

import plotly.graph_objects as go
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circuit_explainer import charts, zoo
from circuit_explainer.core.steps import finished
from circuit_explainer.exhibits import Choice, Edits, ReaderError, Text
from circuit_explainer.exhibits.controls import Wire
from circuit_explainer.exhibits.settle import read_link, settle, write_link
from circuit_explainer.workbench.playground import models, state
from circuit_explainer.workbench.playground.views import VIEWS
from tests.workbench.playground.combinations import EDITS, MODELS, combinations, play, state_of, values_of

PLAY = play()
# `make parity` draws the numbers of all.
FEW = ("induction-2l", "text-2l", "induction-2l-grouped", "by-hand", "text-0l")


@pytest.mark.parametrize(
    ("view", "model", "option", "edits"),
    list(combinations(FEW)),
    ids=lambda given: " then ".join(given) or "clean" if isinstance(given, list) else given or "first",
)
def test_every_state_draws(view: str, model: str, option: str, edits: list[str]) -> None:
    values = values_of(state_of(view, model, option, edits))
    chart = finished(state.draw(**values))
    assert isinstance(chart, charts.Chart)
    json.dumps(chart.figure, allow_nan=False)
    if "html" not in chart.figure:
        go.Figure({**chart.figure, "layout": {**chart.figure["layout"], "meta": None}})
    assert chart.summary.endswith(".")
    assert chart.reading.startswith("How to read it: ")
    assert all(len(row) == len(chart.table.columns) for row in chart.table.rows)
    assert not re.search(r"\bnan\b|\binf\b|\d\.\d{4}", chart.summary)
    changed = any(not edit.startswith("off ") for edit in values.get("edits", ()))
    if VIEWS[view].by_run and not VIEWS[view].on_repeats and changed:
        heads = " ".join(chart.table.columns)
        assert all(word in heads for word in ("clean", "intervened", "difference"))


def test_the_menu_holds_the_views_that_fit_in_their_groups() -> None:
    view = state.controls({})["view"]
    assert isinstance(view, Choice)
    assert view.options == tuple(shown.label for shown in VIEWS.values())
    groups = [shown.group for shown in VIEWS.values()]
    assert groups == sorted(groups, key=groups.index), "views of a group stand together"
    assert len({shown.label for shown in VIEWS.values()}) == len(VIEWS)
    for shown in VIEWS.values():
        assert len(shown.fields) <= 3


def test_other_is_asked_for_while_a_patch_is_listed() -> None:
    assert "other" not in state.controls({"edits": ["zero 0.0"]})
    other = state.controls({"edits": ["zero 0.0", "off patch k 1.1"], "text": "a b c"})["other"]
    assert isinstance(other, Text)
    assert other.default == "c b a"


def test_run_is_asked_for_while_an_intervention_is_on() -> None:
    assert "run" not in state.controls({"edits": ["off zero 0.0"]})
    assert "run" in state.controls({"edits": ["zero 0.0"]})


def test_a_model_without_layers_has_no_interventions() -> None:
    assert not any(isinstance(control, Edits) for control in state.controls({"model": "text-0l"}).values())
    with pytest.raises(ReaderError, match="The model text-0l has nothing to show there") as caught:
        finished(state.draw("text-0l", "a", VIEWS["all_heads"].label))
    assert caught.value.control == "view"


def test_own_models_are_offered_apart() -> None:
    models.register("mine", zoo.load("by-hand"))
    try:
        offered = state.controls({})["model"]
        assert isinstance(offered, Choice)
        assert list(offered.groups.values()) == [len(zoo.names()), 1]
        assert "L1H0" in finished(state.draw(**values_of({"model": "mine", "view": "One head"}))).summary
    finally:
        models.forget("mine")


def test_a_change_that_the_model_lacks_is_left_out_with_a_sentence() -> None:
    settled = settle(PLAY, {"model": "by-hand", "edits": ["zero 0.1", "zero 1.0"]})
    assert settled.wires["edits"] == ["zero 1.0"]
    assert settled.notes == ("Interventions: “zero 0.1” cannot be used here and was left out.",)


def test_a_missing_file_is_asked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setattr("circuit_explainer.zoo.loader.directory", lambda: tmp_path)
    with pytest.raises(zoo.MissingModel) as caught:
        state.controls({"model": "text-2l"})
    assert caught.value.name == "text-2l"


@st.composite
def wires(draw: st.DrawFn) -> dict[str, Wire]:
    model, edits = draw(st.sampled_from(MODELS)), draw(st.sampled_from(EDITS))
    held: dict[str, Wire] = {"model": model, "edits": edits}
    for _ in range(3):
        for name, control in state.controls(settle(PLAY, held).wires).items():
            if isinstance(control, Choice) and name != "model":
                held[name] = str(draw(st.sampled_from(control.options)))
            elif isinstance(control, Text):
                held[name] = draw(st.sampled_from([control.default, *control.examples, "a b a", "\n", "a&b=c#%"]))
    return settle(PLAY, held).wires


@settings(deadline=None, max_examples=60)
@given(wires())
def test_a_link_holds_the_whole_state(held: dict[str, Wire]) -> None:
    again = read_link(PLAY, write_link(settle(PLAY, held)))
    assert again.wires == held
    assert again.notes == ()


JUNK = st.dictionaries(
    st.sampled_from(["model", "text", "view", "edits", "other", "head", "run", "order", "part", "score", "kind"]),
    st.one_of(st.text(max_size=20), st.lists(st.text(max_size=12), max_size=3), st.booleans(), st.integers()),
)


@settings(deadline=None, max_examples=200)
@given(JUNK)
def test_no_values_stop_the_controls(junk: dict[str, Wire]) -> None:
    held = settle(PLAY, junk)
    assert set(held.wires) == set(state.controls(held.wires))
