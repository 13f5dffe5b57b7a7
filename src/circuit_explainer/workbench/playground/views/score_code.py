"""The scores of the head table in TransformerLens."""

from __future__ import annotations

from circuit_explainer.core import Transformer

START = [
    "layers = range(model.cfg.n_layers)",
    "# [layer, batch, head, query, key]",
    'patterns = torch.stack([cache["pattern", layer] for layer in layers])',
    "# [batch, 1, query, key]: the key is an earlier copy; it stands right after one",
    "same = (tokens[:, :, None] == tokens[:, None]).tril(-1)[:, None]",
    "targets = same.roll(1, dims=-1)",
]
# By the words for each score.
LINES = {
    "previous token": ["scores = patterns.diagonal(-1, -2, -1).mean(-1).mean(1)"],
    "current token": ["scores = patterns.diagonal(0, -2, -1)[..., 1:].mean(-1).mean(1)"],
    "first token": ["scores = patterns[..., 1:, 0].mean(-1).mean(1)"],
    "duplicate token": ["scores = ((patterns * same).sum((-2, -1)) / same.any(-1).sum(-1)).mean(1)"],
    "induction": [
        "in_repeats = torch.arange(tokens.shape[1]) > block",
        "scores = (patterns * targets).sum(-1)[..., in_repeats].mean(-1).mean(1)",
    ],
    "stripe": ["scores = patterns.diagonal(1 - block, -2, -1).mean(-1).mean(1)"],
    "copying": [
        "named = tokens.unique()",
        "own = torch.searchsorted(named, tokens)  # [batch, position]",
        "present = torch.zeros(len(tokens), len(named)).scatter(1, own, 1.0)",
        "above_mean = model.W_U[:, named] - model.W_U.mean(dim=1, keepdim=True)",
        "shares = []",
        "for layer in layers:",
        '    v = cache["v", layer]  # [batch, key, head, d_head]',
        "    v = v.repeat_interleave(model.cfg.n_heads // v.shape[2], dim=2)",
        '    rise = torch.einsum("bkhe,hed,dn->bhkn", v, model.W_O[layer], above_mean).relu()',
        '    attention = cache["pattern", layer].sum(dim=2)  # [batch, head, key]',
        "    place = own[:, None, :, None].expand(*rise.shape[:3], 1)",
        "    of_own = (attention * rise.gather(3, place)[..., 0]).sum(-1)",
        "    of_all = (attention * (rise * present[:, None, None]).sum(-1)).sum(-1)",
        "    shares.append(of_own / of_all.where(of_all > 0, torch.ones(())))",
        "scores = 2 * torch.stack(shares).mean(1) - 1",
    ],
    "copying eigenvalues": [
        "# The eigenvalues of W_E W_V W_O W_U but for zeros, in its small form.",
        "around = model.W_U.double() @ model.W_E.double()",
        "eigenvalues = torch.linalg.eigvals(model.W_O.double() @ around @ model.W_V.double())",
        "size = eigenvalues.abs().sum(-1)",
        "scores = (eigenvalues.real.sum(-1) / size.where(size > 0, torch.ones_like(size))).float()",
    ],
}
# What the final normalization does to directions of logits, its scale aside.
WEIGHTS = "above_mean = model.ln_final.w[:, None] * above_mean"
CENTRE = "above_mean = above_mean - above_mean.mean(dim=0)"


def lines(score: str, model: Transformer) -> list[str]:
    """Lines that set `scores` [layer, head], behind those of `START`."""
    found = LINES[score]
    if score != "copying":
        return found
    kind = model.cfg.normalization_type
    at = found.index("shares = []")
    norm = [WEIGHTS] * (kind in ("LN", "RMS")) + [CENTRE] * (kind in ("LN", "LNPre"))
    return [*found[:at], *norm, *found[at:]]
