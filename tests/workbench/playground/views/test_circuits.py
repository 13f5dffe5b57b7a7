from typing import Any

import numpy as np
import pytest

from circuit_explainer import zoo
from circuit_explainer.circuits import copying_eigenvalues
from circuit_explainer.core import Transformer
from circuit_explainer.workbench.playground.views.circuits import CIRCUITS, SOME
from circuit_explainer.workbench.playground.views.weights import SAME
from tests.circuits.conftest import random_model as make_model
from tests.core.kinds import KINDS
from tests.workbench.playground.views.shown import drawn, runs_of

# float32 products in another order.
CLOSE: dict[str, Any] = {"rtol": 1e-4, "atol": 1e-3}


@pytest.mark.parametrize("kind", KINDS)
def test_circuits_are_the_plain_products(kind: str) -> None:
    model = make_model(**KINDS[kind])
    runs = runs_of(CIRCUITS, model, "5 3 5 11")
    some = [3, 5, 11]
    W_E, W_U = model.W_E[some], model.W_U[:, some]
    W_Q, W_K, W_V, W_O = (each[1, 2] for each in (model.W_Q, model.W_K, model.W_V, model.W_O))
    for among, left, right in (("tokens of the text", W_E, W_U), ("all tokens", model.W_E, model.W_U)):
        values = CIRCUITS.numbers(runs, runs.clean_logits, runs.clean, head="L1H2", circuit=f"QK, {among}")
        np.testing.assert_allclose(values, left @ W_Q @ W_K.T @ left.T, **CLOSE)
        values = CIRCUITS.numbers(runs, runs.clean_logits, runs.clean, head="L1H2", circuit=f"OV, {among}")
        np.testing.assert_allclose(values, left @ W_V @ W_O @ right, **CLOSE)
        chart = drawn(CIRCUITS, runs, head="L1H2", circuit=f"OV, {among}")
        told = [[float(str(cell)) for cell in row[1:]] for row in chart.table.rows]
        np.testing.assert_allclose(told, left @ W_V @ W_O @ right, **CLOSE)


def test_the_sentence_of_a_copying_head() -> None:
    model = zoo.load("induction-2l")
    runs = runs_of(CIRCUITS, model, "the cat sat . the cat")
    chart = drawn(CIRCUITS, runs, head="L1H1", circuit="OV, all tokens")
    circuit = model.W_E @ model.W_V[1, 1] @ model.W_O[1, 1] @ model.W_U
    right = int((circuit.argmax(1) == np.arange(64)).sum())
    assert right > 50
    assert f"In {right} of 64 rows the largest number stands on the diagonal" in chart.summary
    score = copying_eigenvalues(model)[1, 1]
    assert chart.summary.endswith(f"is {score:+.2f}: evidence of copying.")
    # A row a token: all cells would be too many.
    assert chart.table.columns[1:] == ("token foretold that has most", "number", "on the diagonal")
    for token, row in enumerate(chart.table.rows):
        assert row[2] == pytest.approx(circuit[token].max(), rel=1e-4)
        assert row[3] == pytest.approx(circuit[token, token], rel=1e-4)


def test_rotary_positions_turn_the_query() -> None:
    model = zoo.load("induction-2l-rotary")
    near: Any = CIRCUITS.controls(model, {})
    assert near["distance"].maximum == 63
    assert "distance" not in CIRCUITS.controls(model, {"circuit": "OV, all tokens"})
    runs = runs_of(CIRCUITS, model, "a b a")
    chart = drawn(CIRCUITS, runs, distance=2)
    assert "2 positions apart" in chart.summary
    # What a run scores in layer 0, where biases are in it too: <BOS> seen from two positions later.
    attn = {key: model.weights[f"blocks.0.attn.{key}"] for key in ("b_Q", "b_K")}
    values = CIRCUITS.numbers(runs, runs.clean_logits, runs.clean, distance=2)
    bare = {**model.weights, **{f"blocks.0.attn.{key}": np.zeros_like(bias) for key, bias in attn.items()}}
    _, without = Transformer(model.cfg, bare).run_with_cache(runs.tokens)
    scores = without["attn_scores", 0][0, 0] * np.sqrt(model.cfg.d_head)
    # Rows and columns are <BOS>, a, b; the text is <BOS> a b a.
    np.testing.assert_allclose(values[2, 0], scores[2, 0], rtol=1e-4)
    np.testing.assert_allclose(values[1, 1], scores[3, 1], rtol=1e-4)


def test_what_is_left_out_is_said() -> None:
    layernorm = drawn(CIRCUITS, runs_of(CIRCUITS, zoo.load("induction-2l-layernorm")))
    assert "positions, the weights of the normalization, biases and other layers are not in it" in layernorm.reading
    rotary = drawn(CIRCUITS, runs_of(CIRCUITS, zoo.load("induction-2l-rotary")), circuit="OV, all tokens")
    assert "made of weights: biases and other layers" in rotary.reading


def test_interventions_change_no_weights() -> None:
    model = zoo.load("induction-2l")
    clean, changed = (runs_of(CIRCUITS, model, "a b a", edits) for edits in ((), ("zero 0.0",)))
    assert drawn(CIRCUITS, changed).summary == f"{drawn(CIRCUITS, clean).summary} {SAME}"
    assert drawn(CIRCUITS, changed).figure == drawn(CIRCUITS, clean).figure


def test_a_large_vocabulary_has_the_tokens_of_the_text_only() -> None:
    model = make_model(d_vocab=50257, n_ctx=64)
    found: Any = CIRCUITS.controls(model, {})
    assert found["circuit"].options == ("QK, tokens of the text", "OV, tokens of the text")
    text = " ".join(str(1000 * n) for n in range(45))
    for circuit in found["circuit"].options:
        chart = drawn(CIRCUITS, runs_of(CIRCUITS, model, text), circuit=circuit)
        assert len(chart.table.rows) == SOME
        assert chart.summary.endswith("Only 40 of the 45 different tokens of the text stand here.")
