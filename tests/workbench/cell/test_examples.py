"""The code that the cell offers runs on every model that ships, and says what is so."""

from __future__ import annotations

import re

import numpy as np
import pytest

from circuit_explainer import circuits, zoo
from tests.workbench.cell.examples import SCRIPT, examples
from tests.workbench.cell.ran import VALUES, run_all

EXAMPLES = examples()
SCORE, BACK, OFF = "The induction score by hand", "Which head looks back one token", "Switch a head off"
WITH_HEADS = [name for name in zoo.names() if zoo.load(name).cfg.n_layers]


def test_all_were_found() -> None:
    assert list(EXAMPLES) == ["first", SCORE, BACK, OFF]
    assert SCRIPT.read_text(encoding="utf-8").count("code: ") == len(EXAMPLES) - 1


@pytest.mark.parametrize("label", EXAMPLES)
def test_they_are_short_and_fit_their_box(label: str) -> None:
    lines = EXAMPLES[label].splitlines()
    assert len(lines) <= 16
    assert max(len(line) for line in lines) <= 80


@pytest.mark.parametrize("model", WITH_HEADS)
@pytest.mark.parametrize("label", EXAMPLES)
def test_they_run_on_every_model_with_heads(label: str, model: str) -> None:
    done = run_all(EXAMPLES[label], values={"model": model, "text": "the cat sat . the cat"})
    assert list(done.answer) == ["seconds"], done.answer


def table(markup: str) -> list[float]:
    """The numbers in the table of a chart of bars."""
    return [float(digits or text) for digits, text in re.findall(r'<td(?: data-value="([^"]+)")?>([^<]*)</td>', markup)]


@pytest.mark.parametrize("model", WITH_HEADS)
def test_the_induction_score_is_that_of_the_library(model: str) -> None:
    text = "one two one three one two"
    (chart,) = run_all(EXAMPLES[SCORE], values={"model": model, "text": text}).all("chart")
    opened = zoo.load(model)
    tokens = opened.to_tokens(text)
    _, cache = opened.run_with_cache(tokens)
    layers = range(opened.cfg.n_layers)
    expected = [float(x) for n in layers for x in circuits.induction(cache["pattern", n], tokens[:, None])[0]]
    # The table has six digits.
    np.testing.assert_allclose(table(chart), expected, rtol=1e-4, atol=5e-4)


def test_the_head_that_looks_back_is_the_known_one() -> None:
    done = run_all(EXAMPLES[BACK])
    assert done.out.startswith("L0H1 looks back one token most: 1.00")
    assert len(done.all("chart")) == 1


def test_the_loss_without_a_head_is_that_of_the_library() -> None:
    done = run_all(EXAMPLES[OFF])
    model = zoo.load(VALUES["model"])
    tokens = model.to_tokens(VALUES["text"])
    heads = [None, *((layer, head) for layer in range(2) for head in range(2))]
    expected = []
    for head in heads:
        hooks = circuits.zero_heads(model.cfg, [head] if head else [])
        loss = circuits.per_token_loss(model.run_with_hooks(tokens, fwd_hooks=hooks), tokens).mean()
        expected.append(f"{f'L{head[0]}H{head[1]} off' if head else 'all heads on'}: {loss:.3f}")
    assert done.out.splitlines() == expected
    assert len(set(expected)) == len(expected)
