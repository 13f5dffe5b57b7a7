"""Properties of every model and matrix; apart, since hypothesis does not run in the browser."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circuit_explainer.core import FactoredMatrix, activation_shapes, weight_shapes
from circuit_explainer.core.run import ops
from tests.core.configs import configs
from tests.core.conftest import random_model
from tests.core.matrices.test_factored import close
from tests.core.slow import same, slow_run


@settings(max_examples=40, deadline=None)
@given(configs(), st.booleans(), st.integers(0, 9))
def test_any_config_equals_the_loops(fields: dict[str, Any], blas: bool, seed: int) -> None:
    batch, pos = fields.pop("batch"), fields.pop("pos")
    model = random_model(seed, **fields)
    tokens = np.random.default_rng(seed).integers(0, model.cfg.d_vocab, (batch, pos))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ops, "BLAS", blas)
        patch.setattr(ops, "LARGE", 1 << seed)
        logits, cache = model.run_with_cache(tokens)
        same(cache, slow_run(model, tokens))
        # Nobody looks at the scores: other code makes them, head by head in the second run.
        same({"logits": model(tokens)}, {"logits": logits})
        patch.setattr(ops, "MANY", 0)
        same({"logits": model(tokens)}, {"logits": logits})


@settings(max_examples=200, deadline=None)
@given(configs())
def test_any_config_has_the_weights_and_activations_of_the_table(fields: dict[str, Any]) -> None:
    batch, pos = fields.pop("batch"), fields.pop("pos")
    model = random_model(**fields)
    _, cache = model.run_with_cache(np.zeros((batch, pos), int))
    assert {name: array.shape for name, array in cache.items()} == activation_shapes(model.cfg, batch, pos)
    assert {name: array.shape for name, array in model.weights.items()} == weight_shapes(model.cfg)


@settings(deadline=None)
@given(*[st.integers(1, 6)] * 4)
def test_any_shape_has_the_spectrum_of_its_product(lead: int, ldim: int, mdim: int, rdim: int) -> None:
    rng = np.random.default_rng(lead + 7 * ldim + 49 * mdim + 343 * rdim)
    matrix = FactoredMatrix(rng.standard_normal((lead, ldim, mdim)), rng.standard_normal((mdim, rdim)))
    k = min(ldim, mdim, rdim)
    u, s, v = matrix.svd()
    assert (u.shape, s.shape, v.shape) == ((lead, ldim, k), (lead, k), (lead, rdim, k))
    close(s, np.linalg.svd(matrix.AB)[1][..., :k])
    close(u * s[:, None] @ np.swapaxes(v, -1, -2), matrix.AB)
    close(matrix.norm(), np.sqrt((matrix.AB**2).sum(axis=(1, 2))))
