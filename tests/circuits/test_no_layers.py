"""A model without layers has no heads: what is measured of heads is empty, and the rest is that of the embedding."""

import numpy as np
import pytest

from circuit_explainer.circuits import head_scores, logit_attribution, logit_lens, loss_on_repeats, zero_heads
from circuit_explainer.core import Transformer
from tests.circuits.conftest import random_model

TOKENS = np.array([[0, 3, 1, 4], [0, 2, 6, 5]])


@pytest.fixture(params=["standard", "rotary"])
def model(request: pytest.FixtureRequest) -> Transformer:
    return random_model(n_layers=0, d_head=6, positional_embedding_type=request.param)


def test_the_head_table_is_empty(model: Transformer) -> None:
    table = head_scores(model)
    assert len(table) == 0
    assert table.column("induction").shape == (0, 0)
    assert str(table).startswith("head ")
    with pytest.raises(ValueError, match="A model without layers has no heads, so there is no best one"):
        table.best("induction")
    assert np.isfinite(loss_on_repeats(model))
    assert loss_on_repeats(model, fwd_hooks=zero_heads(model.cfg, [])) == loss_on_repeats(model)


def test_the_logit_is_that_of_the_embedding(model: Transformer) -> None:
    logits, cache = model.run_with_cache(TOKENS)
    lens = logit_lens(model, cache)
    assert lens.labels == ("embedding",)
    np.testing.assert_allclose(lens.logits[0], logits, atol=1e-12)
    for by in ("head", "layer"):
        found = logit_attribution(model, cache, 5, by=by)
        np.testing.assert_allclose(found.values.sum(axis=1), logits[:, -1, 5], atol=1e-12)
