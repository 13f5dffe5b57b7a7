import pytest

from circuit_explainer.core import Config

SIZES = {"n_layers": 2, "n_heads": 3, "d_head": 5, "d_model": 7, "n_ctx": 11, "d_vocab": 13, "attn_only": True}


def test_defaults_are_those_of_transformer_lens() -> None:
    cfg = Config.from_dict(SIZES)
    assert (cfg.normalization_type, cfg.positional_embedding_type, cfg.eps) == ("LN", "standard", 1e-5)
    assert (cfg.d_mlp, cfg.act_fn, cfg.use_attn_result) == (None, None, False)


def test_dict_and_back() -> None:
    cfg = Config.from_dict({**SIZES, "normalization_type": None, "positional_embedding_type": "shortformer"})
    assert Config.from_dict(cfg.to_dict()) == cfg


def test_is_frozen() -> None:
    with pytest.raises(AttributeError):
        Config.from_dict(SIZES).n_layers = 3  # type: ignore[misc]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"n_layers": 0}, "n_layers must be a whole number of at least 1; got n_layers=0."),
        ({"d_head": -1}, "d_head must be .* got d_head=-1."),
        ({"n_heads": True}, "n_heads must be .* got n_heads=True."),
        ({"d_model": 7.0}, "d_model must be .* got d_model=7.0."),
        ({"attn_only": False}, "attn_only=False: .* pass attn_only=True."),
        ({"attn_only": 1}, "attn_only must be True or False; got attn_only=1."),
        ({"d_mlp": 28}, "d_mlp and act_fn must be None; got d_mlp=28, act_fn=None."),
        ({"act_fn": "relu"}, "got d_mlp=None, act_fn='relu'."),
        ({"normalization_type": "RMS"}, "one of None, 'LN', 'LNPre'; got normalization_type='RMS'."),
        ({"positional_embedding_type": "rotary"}, "'standard', 'shortformer'; got .*'rotary'."),
        ({"eps": 0}, "eps must be a number between 0 and 1; got eps=0."),
        ({"eps": float("nan")}, "got eps=nan."),
        ({"use_attn_result": "yes"}, "use_attn_result must be True or False; got use_attn_result='yes'."),
        ({"n_layer": 2}, "Config has no field 'n_layer'; known fields are n_layers, "),
    ],
)
def test_the_impossible_is_named(fields: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Config.from_dict({**SIZES, **fields})


def test_a_missing_size_is_named() -> None:
    with pytest.raises(ValueError, match="Config needs d_model; got only attn_only, d_head"):
        Config.from_dict({name: size for name, size in SIZES.items() if name != "d_model"})
