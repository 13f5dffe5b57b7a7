"""The figures stored with each shipped model, and measured again by the tests."""

from __future__ import annotations

from typing import Any

import numpy as np

from circuit_explainer.circuits.ablation import zero_heads
from circuit_explainer.circuits.repeats import per_token_loss, repeated_tokens
from circuit_explainer.circuits.scores import head_scores, induction_targets
from circuit_explainer.core.arrays import Array
from circuit_explainer.core.model import Transformer
from circuit_explainer.core.names import get_act_name

# Of each head; named here, so that a new column of the head table leaves the stored facts as they are.
SCORES = ("previous_token", "current_token", "first_token", "duplicate_token", "induction")


def measure(model: Transformer) -> dict[str, Any]:
    """What ``circuit`` tells of a model of symbols, and how it does on short texts."""
    found = circuit(model)
    best = max(found["heads"], key=lambda row: row["induction"])
    texts = {kind: on_texts(model, short_texts(kind), best["layer"], best["head"]) for kind in ("repeat", "mixed")}
    return {**found, "short_texts": texts}


def circuit(model: Transformer) -> dict[str, Any]:
    """Scores of all heads, and losses with and without each of them, on repeated random symbols."""
    cfg = model.cfg
    given = repeated_tokens(cfg.d_vocab, cfg.n_ctx)
    heads = [(layer, head) for layer in range(cfg.n_layers) for head in range(cfg.n_heads)]

    def loss(without: list[tuple[int, int]]) -> dict[str, float]:
        logits = model.run_with_hooks(given.tokens, zero_heads(cfg, without))
        losses = per_token_loss(logits, given.tokens)
        block = given.block
        return {"first": float(losses[:, :block].mean()), "repeats": float(losses[:, block + 1 :].mean())}

    return {
        "heads": [
            {name: getattr(row, name) for name in ("layer", "head", *SCORES)} for row in head_scores(model, given)
        ],
        "loss": loss([]),
        "loss_without": {f"{layer}.{head}": loss([(layer, head)])["repeats"] for layer, head in heads},
    }


def short_texts(kind: str, number: int = 1000, seed: int = 0) -> list[Array]:
    """Short texts as a reader's words become them: BOS, then symbols 1, 2, 3 … in order of first appearance.

    "repeat": up to 3 words, then 2 to 6 different words said again up to some word. "mixed": 4 to 16 words drawn
    from 8, the last one standing there exactly twice. In both, what follows the last word's earlier place is the
    one induction target.
    """
    rng = np.random.default_rng(seed)
    texts: list[Array] = []
    while len(texts) < number:
        words = _repeat(rng) if kind == "repeat" else rng.integers(0, 8, rng.integers(4, 17))
        if (words == words[-1]).sum() != 2:
            continue
        first_seen = list(dict.fromkeys(words.tolist()))
        texts.append(np.array([0, *(first_seen.index(word) + 1 for word in words.tolist())]))
    return texts


def on_texts(model: Transformer, texts: list[Array], layer: int, head: int) -> dict[str, float]:
    """At the last word of each text: attention of one head to the target, and right predictions."""
    name = get_act_name("pattern", layer)
    attention, right = [], []
    for tokens in texts:
        logits, cache = model.run_with_cache(tokens, name)
        target = int(induction_targets(tokens)[-1].argmax())
        attention.append(cache[name][0, head, -1, target])
        right.append(logits[0, -1].argmax() == tokens[target])
    return {"attention_to_target": float(np.mean(attention)), "right_prediction": float(np.mean(right))}


def _repeat(rng: np.random.Generator) -> Array:
    prefix, block = rng.integers(0, 4), rng.integers(2, 7)
    again = rng.integers(1, block + 1)
    words = np.arange(prefix + block)
    return np.concatenate([words, words[prefix : prefix + again]])
