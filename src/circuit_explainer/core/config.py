"""The shape of a model, in TransformerLens's field names and with its defaults; ``None`` means absent.

Source: ``HookedTransformerConfig`` (TransformerLens 3.9). Fields that no model here needs are left out. In
4.3 the same names belong to ``TransformerBridgeConfig``.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from circuit_explainer.core import rules


@dataclass(frozen=True, kw_only=True)
class Config:
    """Sizes and variants of one transformer, checked when made; each field is an attribute of its name.

    Source: ``HookedTransformerConfig`` of TransformerLens 3.9 (Nanda and Bloom, 2022).

    Args:
        n_layers, d_model, n_ctx, d_head, n_heads, d_vocab: sizes, each at least 1, but for ``n_layers``: with 0
            layers the embedding is unembedded at once. ``n_heads * d_head`` need not equal ``d_model``.
        attn_only: no MLPs.
        d_mlp: neurons of each MLP; ``4 * d_model`` where None is given. None in an attention-only model.
        act_fn: of the MLP: "relu", "gelu" (exact), "gelu_new" (GPT-2's tanh form; both Hendrycks and Gimpel, 2016) or
            "silu" (Elfwing et al., 2017); None without MLPs.
        normalization_type: None, "LN" (LayerNorm with weights and biases; Ba et al., 2016), "LNPre" (centre and scale
            only), "RMS" (scale with weights; Zhang and Sennrich, 2019) or "RMSPre" (scale only).
        positional_embedding_type: "standard" (added to the residual stream), "shortformer" (added to the
            inputs of Q and K only; Press et al., 2021) or "rotary" (turns Q and K, so that there is no ``W_pos``; Su et
            al., 2021).
        eps: added to the variance inside LayerNorm, to the mean square inside RMSNorm.
        use_attn_result: also compute each head's output ``hook_result`` (more memory).
        gated_mlp: the MLP multiplies ``act_fn(x @ W_gate)`` by ``x @ W_in`` (Shazeer, 2020).
        n_key_value_heads: heads of K and V, each shared by as many queries' heads (grouped-query attention; Ainslie et
            al., 2023); None gives every head its own.
        rotary_dim: how many of a head's dimensions turn, an even number; all of them where None is given.
        rotary_base: the slowest pair turns by about ``1 / rotary_base`` radians a position.
        rotary_adjacent_pairs: pairs are (0, 1), (2, 3) … as in GPT-J; otherwise (0, r/2), (1, r/2 + 1) …
        use_split_qkv_input: give each head its own ``hook_q_input``, ``hook_k_input``, ``hook_v_input``.
        use_attn_in: give each head its own ``hook_attn_in``. With both, as in TransformerLens, nothing reads
            ``hook_attn_in``.
        use_hook_mlp_in: show the MLP's own copy of its input, ``hook_mlp_in``.
        use_hook_tokens: show the tokens before they are embedded, ``hook_tokens``; a hook may give others.

    Raises:
        ValueError: a size or a combination is impossible; the sentence gives the fields and their values.
    """

    n_layers: int
    d_model: int
    n_ctx: int
    d_head: int
    n_heads: int
    d_vocab: int
    attn_only: bool = False
    d_mlp: int | None = None
    act_fn: str | None = None
    normalization_type: str | None = "LN"
    positional_embedding_type: str = "standard"
    eps: float = 1e-5
    use_attn_result: bool = False
    gated_mlp: bool = False
    n_key_value_heads: int | None = None
    rotary_dim: int | None = None
    rotary_base: float = 10000
    rotary_adjacent_pairs: bool = False
    use_split_qkv_input: bool = False
    use_attn_in: bool = False
    use_hook_mlp_in: bool = False
    use_hook_tokens: bool = False

    def __post_init__(self) -> None:
        # Two sizes follow from others where they are not given, as in TransformerLens.
        if self.d_mlp is None and self.attn_only is False:
            rules.sizes(self)
            object.__setattr__(self, "d_mlp", 4 * self.d_model)
        if self.rotary_dim is None and self.positional_embedding_type == "rotary":
            object.__setattr__(self, "rotary_dim", self.d_head)
        rules.check(self)

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> Config:
        """The config with these fields.

        Raises:
            ValueError: a field is unknown or missing, or a value is impossible.
        """
        known = {field.name: field for field in dataclasses.fields(cls)}
        unknown = sorted(set(fields) - set(known))
        if unknown:
            raise ValueError(
                f"Config has no field {', '.join(map(repr, unknown))}; known fields are {', '.join(known)}."
            )
        missing = [name for name in rules.SIZES if name not in fields]
        if missing:
            raise ValueError(f"Config needs {', '.join(missing)}; got only {', '.join(sorted(fields))}.")
        return cls(**fields)

    def to_dict(self) -> dict[str, Any]:
        """The fields by name, in order, the later ones only where they differ from their defaults.

        ``Config.from_dict`` takes it back.
        """
        named = dataclasses.asdict(self)
        # Left out at their defaults, so that files written before these fields existed stay the same to the byte.
        first = list(named).index("gated_mlp")
        later = {field.name: field.default for field in dataclasses.fields(self)[first:]}
        return {name: value for name, value in named.items() if name not in later or value != later[name]}
