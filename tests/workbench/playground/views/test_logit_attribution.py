from typing import Any

import numpy as np
import pytest

from circuit_explainer import zoo
from circuit_explainer.core.run.norm import normalize
from circuit_explainer.core.run.watch import Watch
from circuit_explainer.exhibits import ReaderError
from circuit_explainer.workbench.playground.runs import Runs
from circuit_explainer.workbench.playground.views.logit_attribution import BARS, LOGIT_ATTRIBUTION, gathered
from circuit_explainer.workbench.playground.views.words import COMES_NEXT
from tests.circuits.conftest import random_model as make_model
from tests.workbench.playground.views.shown import column, drawn, runs_of

# float32 sums in another order.
CLOSE = 1e-3
NAMES = [name for name in zoo.names() if name != "text-0l"]


def slow(runs: Runs, cache: Any, token: int, position: int) -> dict[str, float]:
    """Each part written into the stream alone, scaled as the clean run scales, and read by the token's column."""
    model, cfg = runs.model, runs.model.cfg
    written = {"embedding": cache["embed"][0, position]}
    if cfg.positional_embedding_type == "standard":
        written["positions"] = cache["pos_embed"][0, position]
    for layer in range(cfg.n_layers):
        for head in range(cfg.n_heads):
            written[f"L{layer}H{head}"] = cache["z", layer][0, position, head] @ model.W_O[layer, head]
        if not cfg.attn_only:
            written[f"L{layer} MLP"] = cache["mlp_out", layer][0, position]
    found = {}
    for name, vector in written.items():
        x = vector.astype(float)
        if cfg.normalization_type in ("LN", "LNPre"):
            x = x - x.mean()
        if cfg.normalization_type:
            x = x / runs.clean["scale"][0, position, 0]
        if cfg.normalization_type == "LN":
            x = x * model.weights["ln_final.w"]
        found[name] = float(x @ model.W_U[:, token])
    return found


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("position", [-1, -3])
def test_parts_are_those_of_the_slow_twin_and_sum_to_the_logit(name: str, position: int) -> None:
    model = zoo.load(name)
    runs = runs_of(LOGIT_ATTRIBUTION, model, "a b c d a b", ["zero 0.0"])
    chart = drawn(LOGIT_ATTRIBUTION, runs, position=position)
    assert runs.logits is not None
    token = int(runs.clean_logits[0, position].argmax())
    parts = column(chart, "Part of the model")
    for which, cache, logits in (("clean", runs.clean, runs.clean_logits), ("intervened", runs.cache, runs.logits)):
        told = dict(zip(parts, column(chart, which), strict=True))
        for part, value in slow(runs, cache, token, position).items():
            assert told[part] == pytest.approx(value, abs=CLOSE), part
        assert told["Sum"] == pytest.approx(float(logits[0, position, token]), abs=1e-5)
        assert sum(column(chart, which)[:-1]) == pytest.approx(told["Sum"], abs=CLOSE)
    # What the table leaves to the scale of LayerNorm is nothing in a model without.
    assert ("norm’s scale" in parts) == (model.cfg.normalization_type is not None)
    difference = np.subtract(column(chart, "intervened"), column(chart, "clean"))
    np.testing.assert_allclose(column(chart, "difference"), difference)


@pytest.mark.parametrize("name", ["induction-2l", "induction-2l-shortformer", "text-2l", "induction-2l-mlp"])
@pytest.mark.parametrize("layer", [0, 1])
def test_a_patched_stream_has_a_row_of_its_own(name: str, layer: int) -> None:
    model = zoo.load(name)
    runs = runs_of(LOGIT_ATTRIBUTION, model, "a b c d a b", [f"patch resid_pre {layer}"])
    chart = drawn(LOGIT_ATTRIBUTION, runs)
    parts = dict(zip(column(chart, "Part of the model"), column(chart, "intervened"), strict=True))
    assert runs.cache is not None
    token = int(runs.clean_logits[0, -1].argmax())
    before = runs.cache["resid_post", layer - 1] if layer else runs.clean["resid_pre", 0]
    change = (runs.cache["resid_pre", layer] - before)[0, -1].astype(float)
    if model.cfg.normalization_type:
        change = (change - change.mean()) / runs.clean["scale"][0, -1, 0]
    assert parts[f"patch at L{layer}"] == pytest.approx(float(change @ model.W_U[:, token]), abs=CLOSE)
    total = parts.pop("Sum")
    assert sum(parts.values()) == pytest.approx(total, abs=CLOSE)


def test_without_an_intervention_there_is_one_column_and_a_sentence_on_the_pushes() -> None:
    runs = runs_of(LOGIT_ATTRIBUTION, zoo.load("induction-2l"), "the cat sat . the cat")
    chart = drawn(LOGIT_ATTRIBUTION, runs)
    assert chart.table.columns == ("Part of the model", "Logits")
    logit = f"{runs.clean_logits[0, -1].max():+.2f}"
    assert chart.summary.startswith(f"The logit of “sat” after “cat₂” is {logit}: what pushes it up most is L1H")


def test_the_token_is_chosen_by_the_clean_run() -> None:
    model = zoo.load("induction-2l")
    runs = runs_of(LOGIT_ATTRIBUTION, model, "the cat sat . the cat", ["zero 0.0", "zero 0.1"])
    assert "The logit of “sat” after “cat₂” is" in drawn(LOGIT_ATTRIBUTION, runs).summary
    chart = drawn(LOGIT_ATTRIBUTION, runs, token=COMES_NEXT, position=-3)
    assert chart.summary.startswith("The logit of “the” after “.” is ")
    assert "logit of “cat”" in drawn(LOGIT_ATTRIBUTION, runs, token="cat #2").summary
    with pytest.raises(ReaderError, match="After the last token the text ends"):
        drawn(LOGIT_ATTRIBUTION, runs, token=COMES_NEXT)


def test_the_controls_follow_the_text() -> None:
    model = zoo.load("induction-2l")
    found: Any = LOGIT_ATTRIBUTION.controls(model, {"text": "x y x"})
    assert found["token"].options == ("likeliest", "<BOS> #0", "x #1", "y #2")
    earlier: Any = LOGIT_ATTRIBUTION.controls(model, {"text": "x y x", "position": -2.0})
    assert earlier["token"].options[:2] == ("likeliest", COMES_NEXT)
    assert found["position"].names == ("<BOS>", "x₁", "y", "x₂")
    assert (found["position"].parse(-4), found["position"].default) == (-4, -1)
    assert list(LOGIT_ATTRIBUTION.controls(model, {"text": ""})) == ["token"]


def test_many_parts_are_gathered_in_the_picture_and_stand_in_the_table() -> None:
    model = make_model(n_layers=4, n_heads=5)
    chart = drawn(LOGIT_ATTRIBUTION, runs_of(LOGIT_ATTRIBUTION, model))
    assert len(chart.figure["data"][0]["y"]) == BARS + 1
    assert chart.figure["layout"]["yaxis"]["ticktext"][-1] == "8 others"
    assert len(chart.table.rows) == 25
    names, (values,) = gathered([str(n) for n in range(20)], [np.arange(20.0)])
    assert names[0] == "4"
    assert values[-1] == 0 + 1 + 2 + 3


def test_the_normalization_here_is_that_of_the_run() -> None:
    """What the slow twin above takes for granted."""
    model = zoo.load("induction-2l-layernorm")
    runs = runs_of(LOGIT_ATTRIBUTION, model, "a b a")
    x = runs.clean["resid_post", 1]
    out = normalize(model.cfg, model.weights, "ln_final", x, Watch(lambda _, x: x, ()))
    np.testing.assert_allclose(out @ model.W_U + model.b_U, runs.clean_logits, atol=CLOSE)
