from typing import Any

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


def test_what_follows_from_other_sizes() -> None:
    cfg = Config.from_dict({**SIZES, "attn_only": False, "act_fn": "relu"})
    assert cfg.d_mlp == 28
    assert Config.from_dict({**cfg.to_dict(), "d_mlp": 17}).d_mlp == 17
    assert Config.from_dict({**SIZES, "d_head": 6, "positional_embedding_type": "rotary"}).rotary_dim == 6


def test_the_dict_of_an_early_config_has_the_early_fields() -> None:
    # Files with recorded hashes hold this dict.
    early = [*SIZES, "d_mlp", "act_fn", "normalization_type", "positional_embedding_type", "eps", "use_attn_result"]
    assert sorted(Config.from_dict(SIZES).to_dict()) == sorted(early)
    fields = {"n_key_value_heads": 3, "positional_embedding_type": "rotary", "rotary_dim": 2, "rotary_base": 500.0}
    cfg = Config.from_dict({**SIZES, **fields, "use_split_qkv_input": True})
    assert set(cfg.to_dict()) == {*early, *fields, "use_split_qkv_input"}
    assert Config.from_dict(cfg.to_dict()) == cfg


def test_is_frozen() -> None:
    cfg: Any = Config.from_dict(SIZES)
    with pytest.raises(AttributeError):
        cfg.n_layers = 3


def test_a_missing_size_is_named() -> None:
    with pytest.raises(ValueError, match="Config needs d_model; got only attn_only, d_head"):
        Config.from_dict({name: size for name, size in SIZES.items() if name != "d_model"})
