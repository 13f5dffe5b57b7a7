"""What the lesson on how induction heads form claims, measured on the checkpoints that ship."""

from typing import Any

import numpy as np
import pytest

from circuit_explainer import zoo
from circuit_explainer.circuits import (
    head_scores,
    induction_targets,
    loss_on_repeats,
    per_token_loss,
    repeated_tokens,
    zero_heads,
)
from circuit_explainer.core import Transformer
from circuit_explainer.core.run import ops
from tests.docs.drawn import drawn, namespace

PAGE = "lessons/how-they-form.md"
RUN = zoo.checkpoints("induction-2l")
STEPS = list(RUN)
GIVEN = repeated_tokens(64, 64)
ONE, TWO = zoo.load("induction-1l"), zoo.load("induction-2l")
EVEN = np.log(63)
LOSS = {step: loss_on_repeats(model, GIVEN) for step, model in RUN.items()}
SCORES = {step: head_scores(model, GIVEN) for step, model in RUN.items()}


def at(step: int) -> int:
    return STEPS.index(step)


def place_by_place(model: Transformer) -> Any:
    return per_token_loss(model(GIVEN.tokens), GIVEN.tokens).mean(axis=0)


def bets(model: Transformer, place: int = 8) -> float:
    p = ops.softmax(model(GIVEN.tokens)[:, place])
    return float(np.mean([row[seen].sum() for row, seen in zip(p, GIVEN.tokens[:, 1 : place + 1], strict=True)]))


def test_there_are_forty_moments_of_one_run() -> None:
    made = zoo.facts("induction-2l")["made"]
    assert (len(STEPS), STEPS[0], STEPS[-1]) == (40, 0, 12000)
    assert (made["steps"], made["batch"]) == (12000, 16)
    # BOS never comes; so 63 of the 64 symbols can.
    assert RUN.cfg.d_vocab - 1 == 63


def test_the_loss_falls_within_a_hundredth_of_the_run() -> None:
    assert f"{LOSS[150]:.2f}" == "4.26"
    assert f"{LOSS[250]:.2f}" == "1.57"
    assert 100 / 12000 < 0.01
    # Most of the fall lies between step 140 and step 300, and there is hardly any before.
    assert LOSS[140] - LOSS[300] > 0.7 * (LOSS[140] - LOSS[12000])
    assert max(LOSS[step] for step in STEPS[1 : at(140)]) - LOSS[140] < 0.15
    assert LOSS[500] < 0.25
    said = drawn(PAGE, "losses").summary
    assert said == "At step 200: first time 6.02, repeats 2.79 and even guess 4.14."
    assert drawn(PAGE, "losses", step="0").summary.startswith("At step 0: ")


def test_before_it_bets_on_what_it_has_seen() -> None:
    assert LOSS[100] > EVEN + 0.2
    assert 2.5 < bets(RUN[100]) / (8 / 63) < 3.5
    assert bets(RUN[12000]) < 0.2
    # The bets are lost where nothing repeats, so the loss there rises.
    first = [place_by_place(RUN[step])[:31].mean() for step in (25, 100, 200)]
    assert first == sorted(first)
    assert namespace(PAGE)["bets"](100) == pytest.approx(bets(RUN[100]))


def test_the_previous_token_head_sets_out_first_and_is_caught_up_with() -> None:
    previous = {step: table.column("previous_token")[0, 1] for step, table in SCORES.items()}
    induction = {step: table.column("induction")[1] for step, table in SCORES.items()}
    assert previous[150] > 2.5 * induction[150].max()
    assert previous[230] < 0.5 < induction[230].max()
    caught_up = next(step for step in STEPS if induction[step].min() >= previous[step])
    assert caught_up == 220
    assert previous[caught_up] < 0.5
    assert min(previous[12000], *induction[12000]) > 0.97
    assert drawn(PAGE, "scores").summary == "At step 200: L0H1 0.36, L1H0 0.35 and L1H1 0.32."


def test_the_patterns_are_blurred_at_200_and_clear_at_1000() -> None:
    text = namespace(PAGE)["PALETTE"]
    targets = induction_targets(TWO.to_tokens(text)[0])
    repeated = targets.any(axis=1)

    def looks(step: int) -> tuple[float, float]:
        _, cache = RUN[step].run_with_cache(text)
        found = (cache["pattern", 1][0] * targets).sum(axis=-1)[:, repeated].mean()
        return float(np.diagonal(cache["pattern", 0][0, 1], -1)[1:].mean()), float(found)

    assert max(looks(100)) < 0.35
    back, found = looks(200)
    assert 0.8 < back < 0.9
    assert 0.7 < found < 0.8
    back, found = looks(1000)
    assert back > 0.98
    assert found > 0.8


def test_a_right_answer_by_luck() -> None:
    """At step 100 L1H1 looks at the third token, whatever the last word is."""
    for text, least in (("the cat sat . the cat", 0.6), ("the cat sat . the bird", 0.5)):
        logits, cache = RUN[100].run_with_cache(text)
        tokenizer: Any = RUN[100].tokenizer
        labels = tokenizer.labels(text)
        assert labels[int(logits[0, -1].argmax())] == "sat"
        assert ops.softmax(logits[0, -1]).max() > least
        assert cache["pattern", 1][0, 1, -1, 3] > 0.8


def test_the_first_half_of_the_repeat_comes_first() -> None:
    early, late = (slice(32, 46), slice(46, None))
    loss = place_by_place(RUN[200])
    assert loss[early].mean() < 0.5 * loss[late].mean()
    assert loss[-4:].min() > EVEN
    assert place_by_place(RUN[300])[late].mean() < 0.5 * loss[late].mean()
    assert place_by_place(RUN[1000])[32:].mean() < 0.2
    assert drawn(PAGE, "by_place").summary == (
        "At step 200 a symbol costs 1.72 in the repeat’s first half and 3.72 in its second."
    )


@pytest.mark.parametrize("new", [200, 300, 1000, 12000])
def test_neither_new_layer_helps_much_alone(new: int) -> None:
    neither, only_1, only_0, both = (row[1] for row in drawn(PAGE, "exchanged", new=str(new)).table.rows)
    assert both == pytest.approx(LOSS[new])
    assert min(only_0, only_1) > neither - 0.2
    assert both < neither - 1.5


def test_the_title_of_the_exchange() -> None:
    rows = drawn(PAGE, "exchanged").table.rows
    assert [f"{row[1]:.2f}" for row in (rows[0], rows[3])] == ["4.30", "1.12"]


def test_without_l0h1_nothing_is_found_at_any_step() -> None:
    rows = drawn(PAGE, "without").table.rows
    assert min(row[2] for row in rows) > 4


def test_l0h0_helps_for_a_while_and_then_looks_two_back() -> None:
    rows = {row[0]: row for row in drawn(PAGE, "without", head="L0H0").table.rows}
    assert 0.35 < rows["210"][2] - rows["210"][1] < 0.45
    assert abs(rows["500"][2] - rows["500"][1]) < 0.02
    assert 0.19 < SCORES[210].column("previous_token")[0, 0] < 0.23
    _, cache = RUN[12000].run_with_cache(GIVEN.tokens)
    assert np.diagonal(cache["pattern", 0][:, 0], -2, 1, 2).mean() > 0.9


def test_one_layer_ends_above_an_even_guess() -> None:
    assert zoo.facts("induction-1l")["made"]["steps"] == 12000
    even, one, two = (row[1] for row in drawn(PAGE, "one_layer").table.rows)
    assert one == pytest.approx(loss_on_repeats(ONE, GIVEN), rel=1e-5)
    assert two == pytest.approx(loss_on_repeats(TWO, GIVEN), rel=1e-3)
    assert one > even > 4
    assert two < 0.02
    assert bets(ONE) > 0.6  # on symbols that it has seen
    assert drawn(PAGE, "one_layer", part="first time").table.rows[2][1] > even


def test_zeroed_heads_are_those_of_the_page() -> None:
    loss = loss_on_repeats(RUN[210], GIVEN, zero_heads(RUN.cfg, [(0, 1)]))
    assert drawn(PAGE, "without").summary == (
        f"At step 210: all heads {LOSS[210]:.2f}, no L0H1 {loss:.2f} and even guess 4.14."
    )
