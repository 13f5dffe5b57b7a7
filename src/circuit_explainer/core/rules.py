"""What a config must satisfy; each failure is one sentence with the fields and their values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from circuit_explainer.core.config import Config

SIZES = ("n_layers", "d_model", "n_ctx", "d_head", "n_heads", "d_vocab")
FUNCTIONS = ("relu", "gelu", "gelu_new", "silu")
NORMALIZATIONS = (None, "LN", "LNPre", "RMS", "RMSPre")
POSITIONS = ("standard", "shortformer", "rotary")
_SWITCHES = (
    "attn_only", "use_attn_result", "gated_mlp", "rotary_adjacent_pairs", "use_split_qkv_input", "use_attn_in",
    "use_hook_mlp_in", "use_hook_tokens",
)  # fmt: skip
# Fields of the rotary embedding, and what they are in a model without one.
_ROTARY = {"rotary_dim": None, "rotary_base": 10000, "rotary_adjacent_pairs": False}


def check(cfg: Config) -> None:
    """Raise ValueError for the first field or combination that is impossible."""
    sizes(cfg)
    for name in _SWITCHES:
        if not isinstance(getattr(cfg, name), bool):
            raise ValueError(f"{name} must be True or False; got {name}={getattr(cfg, name)!r:.100}.")
    _choice("normalization_type", cfg.normalization_type, NORMALIZATIONS)
    _choice("positional_embedding_type", cfg.positional_embedding_type, POSITIONS)
    if isinstance(cfg.eps, bool) or not isinstance(cfg.eps, (int, float)) or not 0 < cfg.eps < 1:
        raise ValueError(f"eps must be a number between 0 and 1; got eps={cfg.eps!r:.100}.")
    _mlp(cfg)
    _heads(cfg)
    _rotary(cfg)


def sizes(cfg: Config) -> None:
    """Raise ValueError for the first size that is not a whole number of at least 1; layers there may be none."""
    for name in SIZES:
        _size(name, getattr(cfg, name), least=0 if name == "n_layers" else 1)


def _mlp(cfg: Config) -> None:
    if not cfg.attn_only:
        _size("d_mlp", cfg.d_mlp)
        if cfg.act_fn is None:
            raise ValueError(
                f"A model with MLPs needs act_fn, one of {', '.join(FUNCTIONS)}; got act_fn=None, attn_only=False."
            )
        _choice("act_fn", cfg.act_fn, FUNCTIONS)
        return
    if cfg.d_mlp is not None or cfg.act_fn is not None:
        raise ValueError(
            "attn_only=True has no MLP, so d_mlp and act_fn must be None; "
            f"got d_mlp={cfg.d_mlp!r:.100}, act_fn={cfg.act_fn!r:.100}."
        )
    for name in ("gated_mlp", "use_hook_mlp_in"):
        if getattr(cfg, name):
            raise ValueError(f"attn_only=True has no MLP, so {name} must be False; got {name}=True.")


def _heads(cfg: Config) -> None:
    if cfg.n_key_value_heads is None:
        return
    _size("n_key_value_heads", cfg.n_key_value_heads)
    if cfg.n_heads % cfg.n_key_value_heads:
        raise ValueError(
            "n_key_value_heads must divide n_heads, so that as many queries' heads share each; "
            f"got n_key_value_heads={cfg.n_key_value_heads}, n_heads={cfg.n_heads}."
        )
    if cfg.use_attn_in:
        raise ValueError(
            "use_attn_in needs a key and a value for every head; with grouped heads use use_split_qkv_input. "
            f"Got use_attn_in=True, n_key_value_heads={cfg.n_key_value_heads}."
        )


def _rotary(cfg: Config) -> None:
    if cfg.positional_embedding_type != "rotary":
        for name, default in _ROTARY.items():
            if getattr(cfg, name) != default:
                raise ValueError(
                    f"{name} belongs to positional_embedding_type='rotary'; got {name}={getattr(cfg, name)!r:.100}, "
                    f"positional_embedding_type={cfg.positional_embedding_type!r:.100}."
                )
        return
    _size("rotary_dim", cfg.rotary_dim)
    if cfg.rotary_dim is None or cfg.rotary_dim % 2 or cfg.rotary_dim > cfg.d_head:
        raise ValueError(
            "rotary_dim must be an even number of at most d_head, since dimensions turn in pairs; "
            f"got rotary_dim={cfg.rotary_dim}, d_head={cfg.d_head}."
        )
    base = cfg.rotary_base
    if isinstance(base, bool) or not isinstance(base, (int, float)) or not 1 <= base < float("inf"):
        raise ValueError(f"rotary_base must be a finite number of at least 1; got rotary_base={base!r:.100}.")


def _size(name: str, size: Any, least: int = 1) -> None:
    if isinstance(size, bool) or not isinstance(size, int) or size < least:
        raise ValueError(f"{name} must be a whole number of at least {least}; got {name}={size!r:.100}.")


def _choice(name: str, value: object, choices: tuple[object, ...]) -> None:
    if value not in choices:
        allowed = ", ".join(map(repr, choices))
        raise ValueError(f"{name} must be one of {allowed}; got {name}={value!r:.100}.")
