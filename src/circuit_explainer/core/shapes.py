"""Which activations and weights a model has, and of what shape: the table of ``core.table`` for one config."""

from __future__ import annotations

import functools
from collections.abc import Iterator

from circuit_explainer.core.config import Config
from circuit_explainer.core.table import ACTIVATIONS, WEIGHTS, Row


def sizes(cfg: Config, batch: int = 1, pos: int = 1) -> dict[str, int]:
    """The length of each lettered axis, for a run on ``batch`` sequences of ``pos`` tokens."""
    return {
        "b": batch, "p": pos, "q": pos, "k": pos, "h": cfg.n_heads, "g": cfg.n_key_value_heads or cfg.n_heads,
        "e": cfg.d_head, "d": cfg.d_model, "m": cfg.d_mlp or 0, "v": cfg.d_vocab, "c": cfg.n_ctx,
        "l": cfg.n_layers, "1": 1,
    }  # fmt: skip


def activation_shapes(
    cfg: Config, batch: int, pos: int, stop_at_layer: int | None = None
) -> dict[str, tuple[int, ...]]:
    """Shape of every activation of a run, whole or stopped, by full name, in the order of the pass.

    Args:
        cfg: of the model; its switches decide which activations there are.
        batch, pos: sequences, and tokens of each.
        stop_at_layer: as for ``run_with_hooks``.

    Returns:
        Such as ``{"hook_embed": (batch, pos, d_model), …}``: the axes of ``core.table.ACTIVATIONS`` with these
        lengths.
    """
    axes = _expand(ACTIVATIONS, cfg, range(cfg.n_layers)[:stop_at_layer], whole=stop_at_layer is None)
    return _lengths(axes, sizes(cfg, batch, pos))


@functools.lru_cache(maxsize=64)
def activation_names(cfg: Config, stop_at_layer: int | None = None) -> tuple[str, ...]:
    """The names of ``activation_shapes``."""
    return tuple(activation_shapes(cfg, 1, 1, stop_at_layer))


def activation_axes(cfg: Config) -> dict[str, tuple[str, ...]]:
    """The letters of the axes of every activation (``core.table.LETTERS``), by full name, in the order of the pass."""
    return _expand(ACTIVATIONS, cfg, range(cfg.n_layers))


def weight_shapes(cfg: Config) -> dict[str, tuple[int, ...]]:
    """Shape of every weight of a model, by its TransformerLens state-dict key.

    Returns:
        Such as ``{"embed.W_E": (d_vocab, d_model), "blocks.0.attn.W_Q": (n_heads, d_model, d_head), …}``: the axes of
        ``core.table.WEIGHTS`` with the config's lengths.
    """
    return _lengths(_expand(WEIGHTS, cfg, range(cfg.n_layers)), sizes(cfg))


def attn_key(cfg: Config, layer: int, kind: str) -> str:
    """The state-dict key of an attention weight, as ``"W_K"`` or ``"b_V"``, own or shared."""
    shared = cfg.n_key_value_heads is not None and kind[-1] in "KV"
    return f"blocks.{layer}.attn.{'_' if shared else ''}{kind}"


def _expand(table: tuple[Row, ...], cfg: Config, layers: range, whole: bool = True) -> dict[str, tuple[str, ...]]:
    have = _features(cfg)
    rows = [row for row in table if have.issuperset(row.needs.split())]
    return {name: tuple(axes.split()) for name, axes in _by_layer(rows, layers, whole)}


def _lengths(axes: dict[str, tuple[str, ...]], lengths: dict[str, int]) -> dict[str, tuple[int, ...]]:
    return {name: tuple(lengths[letter] for letter in letters) for name, letters in axes.items()}


def _features(cfg: Config) -> set[str]:
    norm, by_head = cfg.normalization_type, cfg.use_attn_in or cfg.use_split_qkv_input
    have = {
        "pos_embed": cfg.positional_embedding_type != "rotary",
        "rotary": cfg.positional_embedding_type == "rotary",
        "norm": norm is not None,
        "norm_w": norm in ("LN", "RMS"),
        "norm_b": norm == "LN",
        "one_input": not by_head,
        "inputs_by_head": by_head,
        "own_keys": cfg.n_key_value_heads is None,
        "shared_keys": cfg.n_key_value_heads is not None,
        "mlp": not cfg.attn_only,
    }
    switches = (
        "use_hook_tokens", "use_attn_in", "use_split_qkv_input", "use_attn_result", "use_hook_mlp_in", "gated_mlp",
    )  # fmt: skip
    return {feature for feature, present in have.items() if present} | {name for name in switches if getattr(cfg, name)}


def _by_layer(rows: list[Row], layers: range, whole: bool) -> Iterator[tuple[str, str]]:
    inside = [n for n, row in enumerate(rows) if "{l}" in row.name]
    first, last = inside[0], inside[-1] + 1
    yield from ((row.name, row.axes) for row in rows[:first])
    for layer in layers:
        yield from ((row.name.replace("{l}", str(layer)), row.axes) for row in rows[first:last])
    if whole:
        yield from ((row.name, row.axes) for row in rows[last:])
