from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from circuit_explainer.core import Transformer
from tests.core.cache.test_residual import ADDED, TOKENS, cached, close
from tests.core.kinds import KINDS

Make = Callable[..., Transformer]


@pytest.mark.parametrize("kind", KINDS)
def test_scaled_parts_sum_to_what_the_layer_reads(make_model: Make, kind: str) -> None:
    cache = cached(make_model, kind)
    cfg = cache.model.cfg
    parts = cache["resid_pre", 1][None] * np.array([0.3, 0.7])[:, None, None, None]
    if cfg.normalization_type is None:
        assert cache.apply_ln_to_stack(parts, 1) is parts
    elif cfg.use_attn_in or cfg.use_split_qkv_input:
        with pytest.raises(ValueError, match="blocks.1.ln1 scales each head alone"):
            cache.apply_ln_to_stack(parts, 1)
    else:
        close(cache.apply_ln_to_stack(parts, 1).sum(axis=0), cache["normalized", 1, "ln1"])
    final = cache["resid_post", 1][None] * np.array([0.3, 0.7])[:, None, None, None]
    if cfg.normalization_type is not None:
        close(cache.apply_ln_to_stack(final).sum(axis=0), cache["ln_final.hook_normalized"])
        close(cache.apply_ln_to_stack(final[:, :, -1], pos_slice=-1), cache.apply_ln_to_stack(final)[:, :, -1])
        close(cache.apply_ln_to_stack(final, batch_slice=1, pos_slice=None), cache.apply_ln_to_stack(final)[:, 1])
        if not cfg.attn_only:
            middle = cache["resid_mid", 1][None]
            close(cache.apply_ln_to_stack(middle, 1, mlp_input=True)[0], cache["normalized", 1, "ln2"])


@pytest.mark.parametrize("kind", ADDED)
def test_attributions_sum_to_the_logit(make_model: Make, kind: str) -> None:
    model = make_model(**KINDS[kind])
    # LayerNorm's weights folded into the unembedding, as TransformerLens's users do before this.
    folded: dict[str, Any] = dict(model.weights)
    if model.cfg.normalization_type in ("LN", "RMS"):
        folded["unembed.W_U"] = folded["ln_final.w"][:, None] * folded["unembed.W_U"]
        folded["ln_final.w"] = np.ones(7)
        if "ln_final.b" in folded:
            folded["ln_final.b"] = np.zeros(7)
    model = Transformer(model.cfg, folded)
    logits, cache = model.run_with_cache(TOKENS)
    stack = cache.decompose_resid()
    close(cache.logit_attrs(stack, 4).sum(axis=0), logits[..., 4] - model.b_U[4])
    tokens, others = np.array([1, 12]), np.array([3, 0])
    last = cache.logit_attrs(cache.decompose_resid(pos_slice=-1), tokens, others, pos_slice=-1)
    expected = [logits[n, -1, tokens[n]] - logits[n, -1, others[n]] for n in range(2)]
    close(last.sum(axis=0), np.array(expected) - model.b_U[tokens] + model.b_U[others])
    with pytest.raises(ValueError, match=r"must have the same shape; got \(\) and \(2,\)"):
        cache.logit_attrs(stack, 4, [1, 2])
