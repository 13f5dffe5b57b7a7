"""Copying: does a head raise the logit of the very token that it looks at? Measured in a run, and in the weights.

In a run, after the copying evaluator of "In-context Learning and Induction Heads" (Olsson et al., 2022): what the head
writes goes through ``W_U``; the mean over the vocabulary is subtracted; of what is above it, the share that falls on
the attended token, among all tokens of the text, is rescaled to -1 … 1. In the weights, after "A Mathematical
Framework for Transformer Circuits" (Elhage et al., 2021): a copying matrix has positive eigenvalues. That is evidence,
not proof; and it is not the share of eigenvalues that are positive.
"""

from __future__ import annotations

from collections.abc import Generator
from weakref import WeakKeyDictionary

import numpy as np

from circuit_explainer.circuits.heads import check_batch, head_weights, values_by_head
from circuit_explainer.circuits.unembedding import readout
from circuit_explainer.core.arrays import Array
from circuit_explainer.core.cache.activation_cache import ActivationCache
from circuit_explainer.core.matrices.factored import FactoredMatrix
from circuit_explainer.core.model import Transformer
from circuit_explainer.core.run import ops
from circuit_explainer.core.steps import finished

# Weights never change, and a model is scored many times.
_known: WeakKeyDictionary[Transformer, Array] = WeakKeyDictionary()
# Multiplications after which it stops for a moment: a quarter of a second in the browser.
_STEP = 1 << 28


def copying_of_run(model: Transformer, cache: ActivationCache, tokens: Array) -> Array:
    """How much of what each head raises are the tokens that it looks at: ``[b, l, h]``, -1 to 1.

    What head ``h`` moves from key ``k`` is ``v_k @ W_O``, weighted by all attention that ``k`` gets. Its rise of a
    token is the logit above the mean over the vocabulary, or nothing if it is below. The score is ``2 s - 1`` for the
    share ``s`` of the key's own token in the rise of all different tokens of the sequence: 1 if only the attended token
    is raised, -1 if only others are, or none. A head without preference gets about ``2 / n - 1`` with ``n`` tokens.

    The paper does not say how to treat a head that looks at several tokens; taking the keys one by one leaves the score
    to what the head moves, not to how it spreads its attention. The final LayerNorm centres and weighs, but its scale,
    which differs from query to query, is left out. Use random tokens, so that no token is likely for other reasons.

    Source: the copying evaluator of Olsson et al. (2022).

    Args:
        model: the model that ran.
        cache: its cache, with every ``pattern`` and ``v``.
        tokens: ``[b, p]``, those of the run.

    Raises:
        ValueError: the cache has no batch axis.
    """
    check_batch(cache)
    cfg = model.cfg
    named, own = np.unique(tokens, return_inverse=True)
    own = own.reshape(tokens.shape)
    present = np.zeros((len(tokens), len(named)), bool)
    np.put_along_axis(present, own, True, axis=1)
    above_mean = readout(model, model.W_U[:, named] - model.W_U.mean(axis=1, keepdims=True))
    shares = []
    for layer in range(cfg.n_layers):
        w_o = model.weights[f"blocks.{layer}.attn.W_O"]
        to_logits = ops.product(w_o, above_mean)
        moved = ops.product_by_head(values_by_head(cfg, cache, layer), to_logits)
        rise = np.maximum(moved, 0).transpose(0, 2, 1, 3)  # [b, h, k, n]
        attention = cache["pattern", layer].sum(axis=2)
        of_own = np.take_along_axis(rise, own[:, None, :, None], axis=3)[..., 0]
        of_all = (rise * present[:, None, None]).sum(axis=3)
        total = (attention * of_all).sum(axis=2)
        shares.append((attention * of_own).sum(axis=2) / np.where(total > 0, total, 1))
    return np.stack(shares, axis=1) * 2 - 1


def copying_eigenvalues(model: Transformer, of: str = "tokens") -> Array:
    """``Re Σλ / Σ|λ|`` of every head's OV circuit: ``[l, h]``, -1 to 1; 0 for a head that writes nothing.

    Source: Elhage et al. (2021). It is evidence of copying, not proof, and not the share of positive eigenvalues.

    Args:
        model: of any architecture; LayerNorm's weights are not in the circuits (see ``core.folding``).
        of: "tokens" for the full OV circuit ``W_E @ W_V @ W_O @ W_U``, which takes tokens to logits, or "residual"
            for ``W_V @ W_O``, which takes the residual stream to itself.

    Raises:
        ValueError: ``of`` is something else.
    """
    if of == "residual":
        return eigenvalue_score(model.OV)
    if of != "tokens":
        raise ValueError(f"of must be 'tokens' or 'residual'; got of={of!r}.")
    return finished(eigenvalues_in_steps(model))


def eigenvalues_in_steps(model: Transformer) -> Generator[int, None, Array]:
    """``copying_eigenvalues`` by tokens, which takes long for a large vocabulary: yields how many tokens are done."""
    if model not in _known:
        # The non-zero eigenvalues of W_E W_V W_O W_U are those of W_O (W_U W_E) W_V, which is small.
        width, tokens = model.cfg.d_model, model.cfg.d_vocab
        around = np.zeros((width, width))
        rows = max(1, _STEP // width**2)
        for start in range(0, tokens, rows):
            stop = min(tokens, start + rows)
            around += ops.product(_double(model.W_U[:, start:stop]), _double(model.W_E[start:stop]))
            yield stop
        # Layer by layer: together they would need more memory than the weights of attention.
        found = np.zeros((model.cfg.n_layers, model.cfg.n_heads))
        for layer in range(model.cfg.n_layers):
            w_v, w_o = (head_weights(model, kind, layer) for kind in "VO")
            found[layer] = eigenvalue_score(FactoredMatrix(w_v, ops.product(_double(w_o), around)))
            yield tokens
        _known[model] = found
    return _known[model].copy()


def _double(array: Array) -> Array:
    return np.ascontiguousarray(array, float)


def eigenvalue_score(circuit: FactoredMatrix) -> Array:
    """``Re Σλ / Σ|λ|`` of a square matrix: ``[..., d, d] -> [...]``, -1 to 1; 0 where all eigenvalues are 0.

    Source: Elhage et al. (2021).

    Raises:
        ValueError: the matrix is not square.
    """
    eigenvalues = FactoredMatrix(circuit.A.astype(float), circuit.B.astype(float)).eigenvalues
    size = np.abs(eigenvalues).sum(axis=-1)
    return np.asarray(eigenvalues.real.sum(axis=-1) / np.where(size > 0, size, 1))
