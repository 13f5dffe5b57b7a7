"""Simplifying weights without changing what the model predicts, as TransformerLens's ``from_pretrained`` does.

Source: ``ProcessWeights`` (TransformerLens 3.9) and its ``further_comments.md`` (Nanda, 2022). Each function takes a
config and weights by state-dict key, and gives new weights; arrays that it does not change are passed on. Where
TransformerLens would change the predictions, ValueError is raised instead.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np

from circuit_explainer.core.arrays import Array
from circuit_explainer.core.config import Config
from circuit_explainer.core.model import Transformer
from circuit_explainer.core.shapes import attn_key

_FOLDED = {"LN": "LNPre", "RMS": "RMSPre"}

Weights = Mapping[str, Array]


def processed(model: Transformer) -> Transformer:
    """The model with all four simplifications that apply to it, in TransformerLens's order.

    Probabilities stay as they are; each position's logits lose their mean.

    Source: ``ProcessWeights`` of TransformerLens 3.9 (Nanda and Bloom, 2022).

    Raises:
        ValueError: as ``fold_layer_norm``.
    """
    cfg, weights = fold_layer_norm(model.cfg, model.weights)
    if cfg.normalization_type == "LNPre":
        weights = center_writing_weights(cfg, weights)
    weights = center_unembed(cfg, weights)
    weights = fold_value_biases(cfg, weights)
    if cfg.normalization_type == "LNPre":
        weights = _changed(weights, {key: weights[key] - weights[key].mean() for key in _output_biases(cfg)})
    return Transformer(cfg, weights, model.tokenizer, model.bos)


def fold_layer_norm(cfg: Config, weights: Weights) -> tuple[Config, dict[str, Array]]:
    """LayerNorm's or RMSNorm's weights and biases multiplied into the matrices that read their output.

    The config comes back with ``normalization_type`` "LNPre" or "RMSPre". After LayerNorm, which removes the mean, the
    means of these matrices over ``d_model`` have no effect and are removed too. A model without such weights comes
    back as it is.

    Source: ``fold_layer_norm`` of TransformerLens 3.9 (Nanda and Bloom, 2022).

    Args:
        cfg, weights: of a model; weights by state-dict key, in the shapes of ``weight_shapes``.

    Raises:
        ValueError: something reads what no matrix can take over: positions added behind the norm (shortformer), or a
            gated MLP behind LayerNorm with a bias.
    """
    kind = cfg.normalization_type
    if kind not in _FOLDED:
        return cfg, dict(weights)
    if cfg.positional_embedding_type == "shortformer":
        raise ValueError(
            "LayerNorm cannot be folded where positions are added to its output: "
            "got positional_embedding_type='shortformer'."
        )
    new: dict[str, Array] = {}
    for layer in range(cfg.n_layers):
        for letter in "QKV":
            _fold(new, weights, f"blocks.{layer}.ln1", attn_key(cfg, layer, f"W_{letter}"), kind)
        if not cfg.attn_only:
            _fold_mlp(new, cfg, weights, layer)
    _fold(new, weights, "ln_final", "unembed.W_U", kind)
    kept = {name: array for name, array in weights.items() if not _of_norm(name)}
    return dataclasses.replace(cfg, normalization_type=_FOLDED[kind]), _changed(kept, new)


def center_writing_weights(cfg: Config, weights: Weights) -> dict[str, Array]:
    """The mean over ``d_model`` taken from everything that is added to the residual stream.

    Each LayerNorm removes that mean anyway. Shortformer positions are not added there and stay.

    Source: ``center_writing_weights`` of TransformerLens 3.9 (Nanda and Bloom, 2022).

    Args:
        cfg, weights: as for ``fold_layer_norm``.

    Raises:
        ValueError: the model has no LayerNorm, so the mean matters.
    """
    if cfg.normalization_type not in ("LN", "LNPre"):
        raise ValueError(
            "The mean of the residual stream matters where no LayerNorm removes it: "
            f"got normalization_type={cfg.normalization_type!r}."
        )
    written = ["embed.W_E"] + (["pos_embed.W_pos"] if cfg.positional_embedding_type == "standard" else [])
    for layer in range(cfg.n_layers):
        written += [f"blocks.{layer}.attn.W_O", f"blocks.{layer}.attn.b_O"]
        written += [] if cfg.attn_only else [f"blocks.{layer}.mlp.W_out", f"blocks.{layer}.mlp.b_out"]
    return _changed(weights, {name: weights[name] - weights[name].mean(axis=-1, keepdims=True) for name in written})


def center_unembed(cfg: Config, weights: Weights) -> dict[str, Array]:
    """The mean over the vocabulary taken from the unembedding: logits lose their mean, probabilities stay.

    Source: ``center_unembed`` of TransformerLens 3.9 (Nanda and Bloom, 2022).

    Args:
        cfg, weights: as for ``fold_layer_norm``.
    """
    names = ("unembed.W_U", "unembed.b_U")
    return _changed(weights, {name: weights[name] - weights[name].mean(axis=-1, keepdims=True) for name in names})


def fold_value_biases(cfg: Config, weights: Weights) -> dict[str, Array]:
    """Value biases moved into the output bias: a pattern's rows add up to 1, so their effect is the same everywhere.

    Source: ``fold_value_biases`` of TransformerLens 3.9 (Nanda and Bloom, 2022).

    Args:
        cfg, weights: as for ``fold_layer_norm``.
    """
    new: dict[str, Array] = {}
    for layer in range(cfg.n_layers):
        key, out = attn_key(cfg, layer, "b_V"), f"blocks.{layer}.attn.b_O"
        each = np.repeat(weights[key], cfg.n_heads // len(weights[key]), axis=0)  # [h, e], also where heads share
        new[out] = weights[out] + np.einsum("he,hed->d", each, weights[f"blocks.{layer}.attn.W_O"])
        new[key] = np.zeros_like(weights[key])
    return _changed(weights, new)


def _fold(new: dict[str, Array], weights: Weights, norm: str, matrix: str, kind: str, bias: bool = True) -> None:
    """One matrix ``[..., d, o]`` with the norm in front of it, and its bias if it has one of its own."""
    read = weights[matrix]
    if kind == "LN" and bias:
        key = matrix.replace("W_", "b_")
        new[key] = weights[key] + np.einsum("d,...do->...o", weights[f"{norm}.b"], read)
    read = read * weights[f"{norm}.w"][:, None]
    new[matrix] = read - read.mean(axis=-2, keepdims=True) if kind == "LN" else read


def _fold_mlp(new: dict[str, Array], cfg: Config, weights: Weights, layer: int) -> None:
    norm, part, kind = f"blocks.{layer}.ln2", f"blocks.{layer}.mlp.", str(cfg.normalization_type)
    # A gated MLP has no bias in front of its gate, and b_in stands behind it.
    if cfg.gated_mlp and kind == "LN" and weights[f"{norm}.b"].any():
        raise ValueError(f"{norm}.b cannot be folded: a gated MLP has no bias that could take it over.")
    for name in ("W_in", "W_gate") if cfg.gated_mlp else ("W_in",):
        _fold(new, weights, norm, f"{part}{name}", kind, bias=not cfg.gated_mlp)


def _of_norm(name: str) -> bool:
    return any(part in ("ln1", "ln2", "ln_final") for part in name.split("."))


def _output_biases(cfg: Config) -> list[str]:
    return [f"blocks.{layer}.attn.b_O" for layer in range(cfg.n_layers)]


def _changed(weights: Weights, new: Weights) -> dict[str, Array]:
    """The weights in their order, some replaced."""
    return {name: new.get(name, array) for name, array in weights.items()}
