"""The shape of a model, in TransformerLens's field names and with its defaults; ``None`` means absent.

Source: ``HookedTransformerConfig`` (TransformerLens 3.9). Fields that no model here needs are left out.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

NORMALIZATIONS = (None, "LN", "LNPre")
POSITIONS = ("standard", "shortformer")
_SIZES = ("n_layers", "d_model", "n_ctx", "d_head", "n_heads", "d_vocab")


@dataclass(frozen=True, kw_only=True)
class Config:
    """Sizes and variants of one transformer, checked when made.

    Args:
        n_layers, d_model, n_ctx, d_head, n_heads, d_vocab: sizes, each at least 1. ``n_heads * d_head`` need
            not equal ``d_model``.
        attn_only: no MLPs; so far the only kind that runs, yet False is the default, as in TransformerLens.
        d_mlp, act_fn: of the MLP; None in an attention-only model.
        normalization_type: None, "LN" (LayerNorm with weights) or "LNPre" (centre and scale only).
        positional_embedding_type: "standard" (added to the residual stream) or "shortformer" (added to the
            inputs of Q and K only).
        eps: added to the variance inside LayerNorm.
        use_attn_result: also compute each head's output ``hook_result`` (more memory).

    Raises:
        ValueError: a size or a combination is impossible; the sentence gives the field and its value.
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

    def __post_init__(self) -> None:
        for name in _SIZES:
            size = getattr(self, name)
            if isinstance(size, bool) or not isinstance(size, int) or size < 1:
                raise ValueError(f"{name} must be a whole number of at least 1; got {name}={size!r}.")
        for name in ("attn_only", "use_attn_result"):
            if not isinstance(getattr(self, name), bool):
                raise ValueError(f"{name} must be True or False; got {name}={getattr(self, name)!r}.")
        if not self.attn_only:
            raise ValueError("attn_only=False: models with an MLP do not run yet; pass attn_only=True.")
        if self.d_mlp is not None or self.act_fn is not None:
            raise ValueError(
                "attn_only=True has no MLP, so d_mlp and act_fn must be None; "
                f"got d_mlp={self.d_mlp!r}, act_fn={self.act_fn!r}."
            )
        _check_choice("normalization_type", self.normalization_type, NORMALIZATIONS)
        _check_choice("positional_embedding_type", self.positional_embedding_type, POSITIONS)
        if isinstance(self.eps, bool) or not isinstance(self.eps, (int, float)) or not 0 < self.eps < 1:
            raise ValueError(f"eps must be a number between 0 and 1; got eps={self.eps!r}.")

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
        missing = [name for name in _SIZES if name not in fields]
        if missing:
            raise ValueError(f"Config needs {', '.join(missing)}; got only {', '.join(sorted(fields))}.")
        return cls(**fields)

    def to_dict(self) -> dict[str, Any]:
        """All fields by name, in order; ``Config.from_dict`` takes it back."""
        return dataclasses.asdict(self)


def _check_choice(name: str, value: object, choices: tuple[object, ...]) -> None:
    if value not in choices:
        allowed = ", ".join(map(repr, choices))
        raise ValueError(f"{name} must be one of {allowed}; got {name}={value!r}.")
