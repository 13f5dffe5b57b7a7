"""The figures stored with models of English, and measured again by the tests: English held out, and invented names.

A name that stands in no book cannot have been learned: where the model goes on with it, it read it a line before.
What hangs on induction heads shows when they are taken out, as in Olsson et al. (2022).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from circuit_explainer.circuits.ablation import zero_heads
from circuit_explainer.circuits.repeats import per_token_loss
from circuit_explainer.core.arrays import Array
from circuit_explainer.core.model import Transformer
from circuit_explainer.core.run import ops
from circuit_explainer.core.tokenizers.characters import CharTokenizer
from circuit_explainer.zoo.making.measure import circuit
from circuit_explainer.zoo.making.text.english import english

Heads = list[tuple[int, int]]

# Texts that break off within a name, and how the name goes on.
NAMES = (
    ("Zorblax went to the market. Zo", "r"),
    ("Old Quibnar met Veltrix at the gate. Then Vel", "t"),
    ("Mrs Pimwick asked Mr Dronfel to wait, but Mr D", "r"),
    ("My cat is called Snuffkin. Every morning Snu", "f"),
    ("The town of Grelvoth is far away. In Gr", "e"),
    ('Brixley smiled. "Come in," said Brix', "l"),
)
# From this score on a head is taken for one of its kind, in the ablations below.
ENOUGH = 0.5
# Characters are repeats where they and as many before them stood together earlier in the window.
BEFORE = 4


# Characters whose followers are told of a model without layers.
ALONE = "qQtz ."


def measure_reader(model: Transformer) -> dict[str, Any]:
    """The figures of a model of English, on the sample that it never saw."""
    unseen = english(model.cfg.n_ctx)
    return measure_text(model, unseen) if model.cfg.n_layers else measure_bigrams(model, unseen)


def measure_bigrams(model: Transformer, unseen: Array) -> dict[str, Any]:
    """What ``circuit`` tells of a model without heads, its losses, and what it expects after some characters."""
    return {
        **circuit(model),
        "english": on_english(model, unseen, []),
        "after": [{"character": character, "expected": expected(model, character, [])} for character in ALONE],
    }


def measure_text(model: Transformer, unseen: Array) -> dict[str, Any]:
    """What ``circuit`` tells, losses on windows of ``unseen [b, p]``, and the names; all with and without heads."""
    found = circuit(model)
    kinds: dict[str, Heads] = {
        kind: [(row["layer"], row["head"]) for row in found["heads"] if row[kind] >= ENOUGH]
        for kind in ("previous_token", "induction")
    }
    return {
        **found,
        "english": on_english(model, unseen, []),
        "english_without": {
            kind: {"heads": [f"{layer}.{head}" for layer, head in heads], **on_english(model, unseen, heads)}
            for kind, heads in kinds.items()
        },
        "names": [
            {
                "text": text,
                "right": right,
                "expected": expected(model, text, []),
                "expected_without_induction": expected(model, text, kinds["induction"]),
                "expected_without_previous_token": expected(model, text, kinds["previous_token"]),
            }
            for text, right in NAMES
        ],
    }


def on_english(model: Transformer, tokens: Array, without: Heads) -> dict[str, float]:
    """Mean loss in nats a character without some heads: of all characters, and of repeats."""
    logits = model.run_with_hooks(tokens, zero_heads(model.cfg, without))
    losses = per_token_loss(logits, tokens)
    return {"loss": float(losses.mean()), "repeats": float(losses[repeats(tokens)].mean())}


def repeats(tokens: Array) -> Array:
    """``[b, p-1]``: True where the next character and the ``BEFORE`` before it stood together earlier."""
    found = np.zeros((len(tokens), tokens.shape[1] - 1), bool)
    for row, line in enumerate(tokens.tolist()):
        seen: set[tuple[int, ...]] = set()
        for at in range(BEFORE, len(line) - 1):
            run = tuple(line[at + 1 - BEFORE : at + 2])
            found[row, at] = run in seen
            seen.add(run)
    return found


def expected(model: Transformer, text: str, without: Heads) -> dict[str, Any]:
    """The likeliest next character of a text without some heads, and its probability."""
    logits = model.run_with_hooks(text, zero_heads(model.cfg, without))
    probabilities = ops.softmax(logits[0, -1])
    likeliest = int(probabilities.argmax())
    character = CharTokenizer(model.cfg.n_ctx).decode([likeliest])
    return {"character": character, "probability": float(probabilities[likeliest])}
