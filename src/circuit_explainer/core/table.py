"""The one table of activations and weights: names, axes, and which models have them.

Names and shapes are those of TransformerLens 3.9 (``HookedTransformer``). One letter stands for one dimension,
here, in every shape comment and in every einsum of the project.
"""

from __future__ import annotations

from dataclasses import dataclass

LETTERS = {
    "b": "batch",
    "p": "position",
    "q": "query position",
    "k": "key position",
    "h": "head",
    "g": "head of keys and values: n_key_value_heads where these are shared, else as many as heads",
    "e": "d_head",
    "d": "d_model",
    "m": "d_mlp",
    "v": "d_vocab",
    "c": "n_ctx",
    "l": "layer",
    "1": "an axis of length one",
    "r": "rows of a plain 2-D product",
    "i": "its contracted axis",
    "o": "its columns",
    "n": "component of a sum",
}


@dataclass(frozen=True)
class Row:
    """One name of the table: ``{l}`` stands for the layer; models with all features in ``needs`` have it."""

    name: str
    axes: str
    needs: str = ""


# In the order in which a forward pass meets them.
ACTIVATIONS = (
    Row("hook_tokens", "b p", "use_hook_tokens"),
    Row("hook_embed", "b p d"),
    Row("hook_pos_embed", "b p d", "pos_embed"),
    Row("blocks.{l}.hook_resid_pre", "b p d"),
    Row("blocks.{l}.hook_attn_in", "b p h d", "use_attn_in"),
    Row("blocks.{l}.hook_q_input", "b p h d", "use_split_qkv_input"),
    Row("blocks.{l}.hook_k_input", "b p g d", "use_split_qkv_input"),
    Row("blocks.{l}.hook_v_input", "b p g d", "use_split_qkv_input"),
    Row("blocks.{l}.ln1.hook_scale", "b p 1", "norm one_input"),
    Row("blocks.{l}.ln1.hook_normalized", "b p d", "norm one_input"),
    # Met for Q, K and V in turn; a cache keeps V's, as in TransformerLens.
    Row("blocks.{l}.ln1.hook_scale", "b p g 1", "norm inputs_by_head"),
    Row("blocks.{l}.ln1.hook_normalized", "b p g d", "norm inputs_by_head"),
    Row("blocks.{l}.attn.hook_q", "b q h e"),
    Row("blocks.{l}.attn.hook_k", "b k g e"),
    Row("blocks.{l}.attn.hook_v", "b k g e"),
    Row("blocks.{l}.attn.hook_rot_q", "b q h e", "rotary"),
    Row("blocks.{l}.attn.hook_rot_k", "b k g e", "rotary"),
    Row("blocks.{l}.attn.hook_attn_scores", "b h q k"),
    Row("blocks.{l}.attn.hook_pattern", "b h q k"),
    Row("blocks.{l}.attn.hook_z", "b q h e"),
    Row("blocks.{l}.attn.hook_result", "b q h d", "use_attn_result"),
    Row("blocks.{l}.hook_attn_out", "b p d"),
    Row("blocks.{l}.hook_resid_mid", "b p d", "mlp"),
    Row("blocks.{l}.hook_mlp_in", "b p d", "use_hook_mlp_in"),
    Row("blocks.{l}.ln2.hook_scale", "b p 1", "norm mlp"),
    Row("blocks.{l}.ln2.hook_normalized", "b p d", "norm mlp"),
    Row("blocks.{l}.mlp.hook_pre", "b p m", "mlp"),
    Row("blocks.{l}.mlp.hook_pre_linear", "b p m", "gated_mlp"),
    Row("blocks.{l}.mlp.hook_post", "b p m", "mlp"),
    Row("blocks.{l}.hook_mlp_out", "b p d", "mlp"),
    Row("blocks.{l}.hook_resid_post", "b p d"),
    Row("ln_final.hook_scale", "b p 1", "norm"),
    Row("ln_final.hook_normalized", "b p d", "norm"),
    Row("unembed.hook_in", "b p d"),
    Row("unembed.hook_out", "b p v"),
)

# TransformerLens's state-dict keys: shared keys and values are stored under names with an underscore.
WEIGHTS = (
    Row("embed.W_E", "v d"),
    Row("pos_embed.W_pos", "c d", "pos_embed"),
    Row("blocks.{l}.ln1.w", "d", "norm_w"),
    Row("blocks.{l}.ln1.b", "d", "norm_b"),
    Row("blocks.{l}.attn.W_Q", "h d e"),
    Row("blocks.{l}.attn.W_K", "h d e", "own_keys"),
    Row("blocks.{l}.attn.W_V", "h d e", "own_keys"),
    Row("blocks.{l}.attn._W_K", "g d e", "shared_keys"),
    Row("blocks.{l}.attn._W_V", "g d e", "shared_keys"),
    Row("blocks.{l}.attn.W_O", "h e d"),
    Row("blocks.{l}.attn.b_Q", "h e"),
    Row("blocks.{l}.attn.b_K", "h e", "own_keys"),
    Row("blocks.{l}.attn.b_V", "h e", "own_keys"),
    Row("blocks.{l}.attn._b_K", "g e", "shared_keys"),
    Row("blocks.{l}.attn._b_V", "g e", "shared_keys"),
    Row("blocks.{l}.attn.b_O", "d"),
    Row("blocks.{l}.ln2.w", "d", "norm_w mlp"),
    Row("blocks.{l}.ln2.b", "d", "norm_b mlp"),
    Row("blocks.{l}.mlp.W_in", "d m", "mlp"),
    Row("blocks.{l}.mlp.W_gate", "d m", "gated_mlp"),
    Row("blocks.{l}.mlp.b_in", "m", "mlp"),
    Row("blocks.{l}.mlp.W_out", "m d", "mlp"),
    Row("blocks.{l}.mlp.b_out", "d", "mlp"),
    Row("ln_final.w", "d", "norm_w"),
    Row("ln_final.b", "d", "norm_b"),
    Row("unembed.W_U", "d v"),
    Row("unembed.b_U", "v"),
)
