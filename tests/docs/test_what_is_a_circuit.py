"""What the lesson on circuits claims, measured on the models that ship."""

import itertools
from typing import Any

import numpy as np
import pytest

from circuit_explainer import zoo
from circuit_explainer.circuits import (
    copying_eigenvalues,
    full_ov,
    full_qk,
    keep_patterns,
    ov,
    positional_qk,
    qk,
    zero_heads,
)
from circuit_explainer.core import SymbolTokenizer
from tests.docs.drawn import drawn, namespace

MODEL, READER = zoo.load("induction-2l"), zoo.load("text-2l")
PAGE = "lessons/what-is-a-circuit.md"
TEXTS = {"the cat sat . the cat": "sat", "Ann met Bob , then Ann": "met", "red blue green red": "blue"}
PATHS = ("direct", "L0H0", "L0H1", "L1H0", "L1H1", "L0 → L1")
HEADS = list(itertools.product(range(2), range(2)))
texts = pytest.mark.parametrize("text", TEXTS)


def name(layer: int, head: int) -> str:
    return f"L{layer}H{head}"


def path_table(text: str, on: Any = PATHS) -> dict[str, float]:
    return {str(row[0]): float(row[1]) for row in drawn(PAGE, "path_sum", text=text, on=list(on)).table.rows}


@pytest.mark.parametrize(("layer", "head"), HEADS)
def test_the_circuits_are_products_of_the_weights(layer: int, head: int) -> None:
    w = {kind: getattr(MODEL, f"W_{kind}")[layer, head].astype(float) for kind in "QKVO"}
    np.testing.assert_allclose(qk(MODEL, layer, head).AB, w["Q"] @ w["K"].T, atol=1e-4)
    np.testing.assert_allclose(ov(MODEL, layer, head).AB, w["V"] @ w["O"], atol=1e-4)
    e, u = MODEL.W_E.astype(float), MODEL.W_U.astype(float)
    np.testing.assert_allclose(full_qk(MODEL, layer, head).AB, e @ w["Q"] @ w["K"].T @ e.T, atol=1e-3)
    np.testing.assert_allclose(full_ov(MODEL, layer, head).AB, e @ w["V"] @ w["O"] @ u, atol=1e-3)


def largest(values: np.ndarray[Any, Any]) -> tuple[int, int]:
    """On which diagonal most rows have their largest number, and in how many of them."""
    steps, counts = np.unique(np.arange(len(values)) - values.argmax(axis=1), return_counts=True)
    return int(steps[counts.argmax()]), int(counts.max())


def test_l0h1_scores_the_position_before() -> None:
    seen = np.tril(np.ones((64, 64))) > 0
    assert largest(np.where(seen, positional_qk(MODEL, 0, 1).AB, -np.inf)) == (1, 61)
    assert drawn(PAGE, "qk").summary == "In 61 of 64 rows the largest score stands 1 to the left of the diagonal."


@pytest.mark.parametrize(("layer", "head"), HEADS)
def test_between_symbols_no_head_shows_a_diagonal(layer: int, head: int) -> None:
    assert largest(full_qk(MODEL, layer, head).AB[1:, 1:])[1] <= 5
    said = drawn(PAGE, "qk", head=name(layer, head), between="symbols").summary
    assert said.startswith("The rows do not agree")


def test_the_scores_shown_are_divided_as_in_the_model() -> None:
    rows = drawn(PAGE, "qk", head="L1H0", between="symbols").table.rows
    shown = np.array([row[1:] for row in rows], float)
    np.testing.assert_allclose(shown, full_qk(MODEL, 1, 0).AB[1:, 1:] / np.sqrt(32), rtol=1e-4, atol=1e-4)
    assert rows[0][0] == "1"  # the first symbol is 1: 0 is BOS


@pytest.mark.parametrize(("layer", "head"), HEADS)
def test_the_heads_of_layer_1_raise_what_they_look_at(layer: int, head: int) -> None:
    step, count = largest(full_ov(MODEL, layer, head).AB[1:, 1:])
    said = drawn(PAGE, "ov", head=name(layer, head)).summary
    if layer == 1:
        assert (step, count) == (0, 63)
        assert said == "In 63 of 63 rows the largest logit stands on the diagonal."
    else:
        assert count <= 31
        assert said.startswith("The rows do not agree")


def test_the_copying_score_is_the_sum_of_the_eigenvalues_by_their_sizes() -> None:
    for layer, head in HEADS:
        every = np.linalg.eigvals(full_ov(MODEL, layer, head).AB.astype(float))  # the slow way
        score = every.sum().real / np.abs(every).sum()
        assert score == pytest.approx(copying_eigenvalues(MODEL)[layer, head], abs=1e-3)
    assert drawn(PAGE, "eigenvalues").summary == "Copying scores: L1H1 1.00 and L0H1 0.06."


def test_one_eigenvalue_of_l0h1_outweighs_most_of_the_others() -> None:
    names, found = namespace(PAGE), full_ov(MODEL, 0, 1).eigenvalues
    assert (names["right"], len(names["found"])) == (23, 32)
    assert names["score"] == pytest.approx(0.06, abs=0.005)
    most = found[np.abs(found).argmax()]
    assert most.real < -20
    others = found[found != most].real
    assert others.sum() > 20  # together they do not quite reach it, in size
    assert (full_ov(MODEL, 1, 1).eigenvalues.real > -0.2).all()


def test_a_score_is_evidence_not_proof() -> None:
    copied, reader, model = (namespace(PAGE)[key] for key in ("copied", "reader", "model"))
    assert [copied(model, 1, 1), copied(reader, 1, 3), copied(reader, 1, 2), copied(model, 0, 1)] == [63, 96, 56, 31]
    assert copying_eigenvalues(READER)[1, 2] > 0.8
    assert copying_eigenvalues(MODEL)[0, 1] < 0.1
    counted = full_ov(READER, 1, 2).AB[1:, 1:]
    assert (counted.argmax(axis=1) == np.arange(96)).sum() == 56


def by_paths(text: str, answer: int) -> dict[str, float]:
    """Every path by itself, with the patterns of the run, in double precision."""
    _, cache = MODEL.run_with_cache(text)
    pattern = [cache["pattern", layer][0].astype(float) for layer in range(2)]
    x = (cache["embed"] + cache["pos_embed"])[0].astype(float)

    def move(at: tuple[int, int], y: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        return np.asarray(pattern[at[0]][at[1]] @ y @ MODEL.W_V[at].astype(float) @ MODEL.W_O[at])

    ends = {"direct": x, **{name(*at): move(at, x) for at in HEADS}}
    ends["L0 → L1"] = sum((move((1, late), move((0, early), x)) for early, late in HEADS), np.zeros_like(x))
    return {path: float(end[-1] @ MODEL.W_U[:, answer]) for path, end in ends.items()}


@texts
def test_the_paths_add_up_to_the_models_logit(text: str) -> None:
    logits = MODEL(text)[0, -1]
    assert isinstance(MODEL.tokenizer, SymbolTokenizer)
    answer = MODEL.tokenizer.labels(text).index(TEXTS[text])
    assert logits.argmax() == answer
    expected, shown = by_paths(text, answer), path_table(text)
    assert sum(expected.values()) == pytest.approx(float(logits[answer]), abs=1e-3)
    for path in PATHS:
        assert shown[path] == pytest.approx(expected[path], abs=1e-3)
    said = drawn(PAGE, "path_sum", text=text, on=list(PATHS)).summary
    assert said == (
        f"The paths that are on add up to {logits[answer]:.2f}. That is the model’s logit of “{TEXTS[text]}”."
    )


@texts
def test_they_are_equal_only_when_all_are_on(text: str) -> None:
    whole = path_table(text)
    for off in PATHS:
        on = [path for path in PATHS if path != off]
        table = path_table(text, on)
        assert table["sum of those that are on"] == pytest.approx(sum(whole[path] for path in on))
        if abs(whole[off]) >= 0.005:
            assert "is missing" in drawn(PAGE, "path_sum", text=text, on=on).summary


@texts
def test_the_heads_of_layer_1_alone_carry_the_logit(text: str) -> None:
    adds = path_table(text)
    carried = adds["L1H0"] + adds["L1H1"]
    assert carried > adds["the model’s logit"]
    assert max(abs(adds[path]) for path in ("direct", "L0H0", "L0H1", "L0 → L1")) < 0.15 * carried
    # Without every path through layer 0 the sum rises.
    assert adds["direct"] + carried > adds["the model’s logit"]


def test_the_numbers_of_the_prediction_are_those_of_the_exhibit() -> None:
    shown = path_table("the cat sat . the cat")
    for path, value in namespace(PAGE)["adds"].items():
        assert shown[path] == pytest.approx(float(value), abs=1e-4)
    assert namespace(PAGE)["adds"].keys() == set(PATHS)


@texts
def test_layer_0_decides_where_the_heads_above_look(text: str) -> None:
    logits, cache = MODEL.run_with_cache(text)
    answer = int(logits[0, -1].argmax())
    off = zero_heads(MODEL.cfg, [(0, 1)])
    kept = MODEL.run_with_hooks(text, fwd_hooks=off + keep_patterns(MODEL.cfg, cache))[0, -1, answer]
    free, without = MODEL.run_with_cache(text, fwd_hooks=off)
    assert kept > logits[0, -1, answer]
    assert free[0, -1, answer] < 0.05 * logits[0, -1, answer]
    assert without["pattern", 1][0, :, -1, 0].min() > 0.99  # both rest on BOS
    source = list(MODEL.to_tokens(text)[0]).index(answer)
    assert cache["pattern", 1][0, :, -1, source].min() > 0.99
    shown = [row[1] for row in drawn(PAGE, "kept_or_free", text=text).table.rows]
    np.testing.assert_allclose(shown, [logits[0, -1, answer], kept, free[0, -1, answer]], rtol=1e-4, atol=1e-4)


def test_l0h0_matters_little_either_way() -> None:
    whole, kept, free = (float(row[1]) for row in drawn(PAGE, "kept_or_free", head="L0H0").table.rows)
    assert min(kept, free) > 0.8 * whole
