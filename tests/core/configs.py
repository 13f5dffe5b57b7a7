"""Any config at all, with sizes that differ pairwise, so that no swapped axis can pass."""

from typing import Any

from hypothesis import strategies as st


@st.composite
def configs(draw: st.DrawFn) -> dict[str, Any]:
    """Fields of any config that is possible, ``batch`` and ``pos`` too; all sizes differ pairwise."""
    heads, shared = draw(st.sampled_from([(3, None), (3, 1), (6, 2), (6, 3), (4, 2), (1, None), (4, 4)]))
    left = [size for size in (2, 3, 4, 5, 7, 8, 9, 11, 13) if size not in (heads, shared)]
    names = ("batch", "pos", "d_model", "d_head", "d_mlp", "d_vocab")
    sizes = dict(zip(names, draw(st.permutations(left))[: len(names)], strict=True))
    fields: dict[str, Any] = {
        **sizes,
        "n_layers": draw(st.integers(1, 3)),
        "n_ctx": sizes["pos"] + draw(st.integers(0, 9)),
        "n_heads": heads,
        "n_key_value_heads": shared,
        "normalization_type": draw(st.sampled_from([None, "LN", "LNPre", "RMS", "RMSPre"])),
        "positional_embedding_type": draw(st.sampled_from(["standard", "shortformer", "rotary"])),
        "eps": draw(st.sampled_from([1e-5, 1e-2])),
        "use_attn_result": draw(st.booleans()),
        "use_split_qkv_input": draw(st.booleans()),
        "use_attn_in": shared is None and draw(st.booleans()),
        "use_hook_tokens": draw(st.booleans()),
        "attn_only": draw(st.booleans()),
    }
    if fields["attn_only"]:
        del fields["d_mlp"]
    else:
        fields["act_fn"] = draw(st.sampled_from(["relu", "gelu", "gelu_new", "silu"]))
        fields["gated_mlp"], fields["use_hook_mlp_in"] = draw(st.booleans()), draw(st.booleans())
    if fields["positional_embedding_type"] == "rotary":
        fields["rotary_dim"] = 2 * draw(st.integers(1, fields["d_head"] // 2))
        fields["rotary_adjacent_pairs"] = draw(st.booleans())
        fields["rotary_base"] = draw(st.sampled_from([10000, 50.0]))
    return fields
