from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circuit_explainer.training import loss_and_gradients
from tests.training.models import sample


@st.composite
def any_fields(draw: st.DrawFn) -> dict[str, Any]:
    """Fields of a config whose sizes differ pairwise."""
    groups, queries = draw(st.sampled_from([(2, 3), (3, 2), (1, 3), (2, 2)]))
    half, *sizes = draw(st.permutations([3, 5, 7, 8, 9]))
    fields: dict[str, Any] = {
        "n_layers": draw(st.integers(0, 3)), "n_heads": groups * queries, "d_head": 2 * half, "d_model": sizes[0],
        "d_vocab": sizes[1], "n_ctx": 11,
        "normalization_type": draw(st.sampled_from([None, "LN", "LNPre", "RMS", "RMSPre"])),
        "positional_embedding_type": draw(st.sampled_from(["standard", "shortformer", "rotary"])),
        "n_key_value_heads": draw(st.sampled_from([None, groups])),
        "attn_only": draw(st.booleans()),
    }  # fmt: skip
    if not fields["attn_only"]:
        # No relu here: where a step crosses its corner, the finite difference is wrong.
        act_fn, gated = draw(st.sampled_from(["gelu", "gelu_new", "silu"])), draw(st.booleans())
        fields |= {"d_mlp": 13, "act_fn": act_fn, "gated_mlp": gated}
    if fields["positional_embedding_type"] == "rotary":
        fields["rotary_dim"] = 2 * draw(st.integers(1, half))
        fields["rotary_adjacent_pairs"] = draw(st.booleans())
    return fields


@settings(max_examples=40, deadline=None)
@given(any_fields(), st.integers(0, 2**32 - 1))
def test_any_config_has_the_slopes_of_its_loss(fields: dict[str, Any], seed: int) -> None:
    made = sample(fields, seed, pos=6)
    _, grads = loss_and_gradients(made.cfg, made.weights, made.tokens, made.counted)
    rng = np.random.default_rng(seed)
    # A random direction meets every entry; one weight at a time, so that none hides behind another.
    for name, array in made.weights.items():
        move = rng.standard_normal(array.shape) / np.sqrt(array.size)
        slope = made.slope({name: move}, 1e-5)
        # Central differences err by step**2 times a third derivative, here up to some thousands.
        assert (grads[name] * move).sum() == pytest.approx(slope, rel=1e-5, abs=1e-7), name
