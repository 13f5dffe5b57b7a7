"""A transformer block from the tokens up, with every hook of TransformerLens at its place."""

from __future__ import annotations

from collections.abc import Mapping

from circuit_explainer.diagrams.svg import arrow, drawing, part, text_box

# From the foot up. A name without its block: "attn.hook_q" stands for "blocks.0.attn.hook_q".
PLACES = (
    ("hook_tokens",),
    ("hook_embed", "hook_pos_embed"),
    ("hook_resid_pre",),
    ("hook_attn_in",),
    ("hook_q_input", "hook_k_input", "hook_v_input"),
    ("ln1.hook_scale", "ln1.hook_normalized"),
    ("attn.hook_q", "attn.hook_k", "attn.hook_v"),
    ("attn.hook_rot_q", "attn.hook_rot_k"),
    ("attn.hook_attn_scores",),
    ("attn.hook_pattern",),
    ("attn.hook_z",),
    ("attn.hook_result",),
    ("hook_attn_out",),
    ("hook_resid_mid",),
    ("hook_mlp_in",),
    ("ln2.hook_scale", "ln2.hook_normalized"),
    ("mlp.hook_pre", "mlp.hook_pre_linear"),
    ("mlp.hook_post",),
    ("hook_mlp_out",),
    ("hook_resid_post",),
    ("ln_final.hook_scale",),
    ("ln_final.hook_normalized",),
    ("unembed.hook_in", "unembed.hook_out"),
)
STREAM = {"hook_embed", "hook_pos_embed", "hook_resid_pre", "hook_resid_mid", "hook_resid_post"}
# What is added to the stream.
WRITES = {"hook_attn_out", "hook_mlp_out"}
ROW, HIGH, INDENT, GAP = 45.0, 37.0, 20.0, 3.0
# What a phone has room for; a smaller picture would have smaller letters.
WIDTH = 328.0


def hook_map(shapes: Mapping[str, str], chosen: str, sentence: str) -> str:
    """Return the picture. `shapes` gives what stands under each name that the model has; the others are dashed.

    `chosen` is outlined. Pressing a name sets the control "hook". Raises ValueError for a name without a place.
    """
    known = [name for row in PLACES for name in row]
    for name in (chosen, *shapes):
        if name not in known:
            raise ValueError(f"The map has no place for {name!r}.")
    height = ROW * len(PLACES) + 8
    top = {name: height - ROW * (n + 1) for n, row in enumerate(PLACES) for name in row}
    parts = [arrow(6, top["hook_resid_pre"], 6, top["hook_resid_post"] + HIGH + 2)]
    for n, row in enumerate(PLACES):
        x = 0.0 if row[0] in STREAM or n == 0 or n >= len(PLACES) - 3 else INDENT
        for name in row:
            kind = "destination" if name == chosen else "hook" if name in shapes else "off"
            under = shapes.get(name, "not in this model")
            width = max(7.55 * len(name), 5.3 * len(under)) + 10
            drawn = text_box(x, top[name], width, HIGH, (name, under), kind)
            parts.append(part(drawn, "hook", name))
            if name in WRITES:
                parts.append(arrow(x, top[name] + HIGH / 2, 8, top[name] + HIGH / 2))
            x += width + GAP
    return drawing(WIDTH, height, sentence, *parts, pressed=True, grows=False)
