import pytest

from circuit_explainer.core import Config

SIZES = {"n_layers": 2, "n_heads": 3, "d_head": 5, "d_model": 7, "n_ctx": 11, "d_vocab": 13, "attn_only": True}


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"n_layers": -1}, "n_layers must be a whole number of at least 0; got n_layers=-1."),
        ({"d_head": -1}, "d_head must be .* got d_head=-1."),
        ({"n_heads": True}, "n_heads must be .* got n_heads=True."),
        ({"d_model": 7.0}, "d_model must be .* got d_model=7.0."),
        ({"attn_only": 1}, "attn_only must be True or False; got attn_only=1."),
        ({"d_mlp": 28}, "d_mlp and act_fn must be None; got d_mlp=28, act_fn=None."),
        ({"act_fn": "relu"}, "got d_mlp=None, act_fn='relu'."),
        ({"normalization_type": "BN"}, "one of None, 'LN', 'LNPre', 'RMS', 'RMSPre'; got normalization_type='BN'."),
        ({"positional_embedding_type": "alibi"}, "'standard', 'shortformer', 'rotary'; got .*'alibi'."),
        ({"eps": 0}, "eps must be a number between 0 and 1; got eps=0."),
        ({"eps": float("nan")}, "got eps=nan."),
        ({"use_attn_result": "yes"}, "use_attn_result must be True or False; got use_attn_result='yes'."),
        ({"attn_only": False}, "needs act_fn, one of relu, gelu, gelu_new, silu; got act_fn=None, attn_only=False."),
        ({"attn_only": False, "act_fn": "tanh"}, "act_fn must be one of 'relu', .*; got act_fn='tanh'."),
        ({"attn_only": False, "act_fn": "relu", "d_mlp": 0}, "d_mlp must be .* got d_mlp=0."),
        ({"attn_only": False, "d_model": "7"}, "d_model must be .* got d_model='7'."),
        ({"gated_mlp": True}, "attn_only=True has no MLP, so gated_mlp must be False; got gated_mlp=True."),
        ({"use_hook_mlp_in": True}, "so use_hook_mlp_in must be False; got use_hook_mlp_in=True."),
        ({"n_key_value_heads": 0}, "n_key_value_heads must be .* got n_key_value_heads=0."),
        ({"n_key_value_heads": 2}, "must divide n_heads, .*; got n_key_value_heads=2, n_heads=3."),
        ({"n_key_value_heads": 1, "use_attn_in": True}, "Got use_attn_in=True, n_key_value_heads=1."),
        ({"rotary_dim": 2}, "belongs to .*'rotary'; got rotary_dim=2, positional_embedding_type='standard'."),
        ({"rotary_base": 500}, "belongs to .*'rotary'; got rotary_base=500,"),
        ({"rotary_adjacent_pairs": True}, "belongs to .*'rotary'; got rotary_adjacent_pairs=True,"),
        ({"positional_embedding_type": "rotary"}, "rotary_dim must be an even number .* rotary_dim=5, d_head=5."),
        ({"positional_embedding_type": "rotary", "rotary_dim": 6}, "at most d_head.* rotary_dim=6, d_head=5."),
        ({"positional_embedding_type": "rotary", "rotary_dim": 4, "rotary_base": 0.5}, "got rotary_base=0.5."),
        ({"n_layer": 2}, "Config has no field 'n_layer'; known fields are n_layers, "),
    ],
)
def test_the_impossible_is_named(fields: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Config.from_dict({**SIZES, **fields})
