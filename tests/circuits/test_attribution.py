from collections.abc import Callable

import numpy as np
import pytest

from circuit_explainer.circuits import logit_attribution, zero_heads
from circuit_explainer.core import Transformer

Make = Callable[..., Transformer]
TOKENS = np.array([[1, 2, 3, 1, 2], [4, 5, 6, 4, 5]])


@pytest.mark.parametrize("normalization", [None, "LN", "LNPre"])
@pytest.mark.parametrize("positions", ["standard", "shortformer"])
@pytest.mark.parametrize("position", [-1, 2])
def test_components_sum_to_the_logit(make_model: Make, normalization: str, positions: str, position: int) -> None:
    model = make_model(normalization_type=normalization, positional_embedding_type=positions)
    logits, cache = model.run_with_cache(TOKENS)
    parts = logit_attribution(model, cache, [3, 6], position)
    assert parts.values.shape == (2, len(parts.labels))
    np.testing.assert_array_equal(parts.logit, logits[[0, 1], position, [3, 6]])
    # float64 sums of about ten terms.
    np.testing.assert_allclose(parts.values.sum(axis=1), parts.logit, rtol=1e-10, atol=1e-10)


def test_labels_and_order(make_model: Make) -> None:
    heads = ("L0H0", "L0H1", "L0H2", "L1H0", "L1H1", "L1H2")
    model = make_model()
    labels = logit_attribution(model, model.run_with_cache(TOKENS)[1], 3).labels
    assert labels == ("embedding", "positions", *heads, "output biases", "unembedding bias")
    short = make_model(positional_embedding_type="shortformer")
    assert logit_attribution(short, short.run_with_cache(TOKENS)[1], 3).labels == (labels[0], *labels[2:])


def test_a_last_layer_head_adds_what_its_removal_takes_away(make_model: Make) -> None:
    model = make_model()
    logits, cache = model.run_with_cache(TOKENS)
    without = model.run_with_hooks(TOKENS, zero_heads(model.cfg, [(1, 2)]))
    parts = logit_attribution(model, cache, 7)
    lost = (logits - without)[:, -1, 7]
    # Nothing reads the last layer but the unembedding, so its effect is all direct; float64.
    np.testing.assert_allclose(parts.values[:, parts.labels.index("L1H2")], lost, rtol=1e-9, atol=1e-12)
    assert np.abs(lost).min() > 1e-3


def test_a_head_by_the_definition(make_model: Make) -> None:
    model = make_model(normalization_type="LN")
    _, cache = model.run_with_cache(TOKENS)
    parts = logit_attribution(model, cache, 7, 3)
    for b in range(2):
        added = cache["z", 0][b, 3, 1] @ model.W_O[0, 1]
        normed = (added - added.mean()) / cache["scale"][b, 3, 0] * model.weights["ln_final.w"]
        assert parts.values[b, parts.labels.index("L0H1")] == pytest.approx(normed @ model.W_U[:, 7], rel=1e-10)


@pytest.mark.parametrize("token", [13, -1, 0.5, "cat"])
def test_unfit_tokens(make_model: Make, token: object) -> None:
    model = make_model()
    with pytest.raises(ValueError, match="token must be an integer between 0 and 12; got"):
        logit_attribution(model, model.run_with_cache(TOKENS)[1], token)
