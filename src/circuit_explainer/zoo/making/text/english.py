"""Models of English from its packages to their weights, and the English that they never saw, to measure them on."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

from circuit_explainer.circuits.repeats import per_token_loss
from circuit_explainer.core.arrays import Array
from circuit_explainer.core.folding import processed
from circuit_explainer.core.model import Transformer
from circuit_explainer.core.tokenizers.characters import CharTokenizer
from circuit_explainer.zoo.making.text import bigrams
from circuit_explainer.zoo.making.text.batches import numbers, split, windows
from circuit_explainer.zoo.making.text.corpus import SHA256, Problem, corpus
from circuit_explainer.zoo.making.text.recipe import TextRecipe

# Some of the text held out, which goes with the project so that tests need no package.
SAMPLE = Path(__file__).with_name("held_out.txt")
WINDOWS = 200


def english(n_ctx: int) -> Array:
    """The sample as windows ``[b, p]``, each with BOS in front."""
    return windows(numbers(SAMPLE.read_bytes()), n_ctx)


def trained_on_english(
    recipe: TextRecipe, report: Callable[[int, int, str], None]
) -> tuple[Transformer, dict[str, Any]]:
    """The model at the end of the recipe, and how it was made.

    LayerNorm's weights are folded into the matrices behind it, and what LayerNorm and softmax ignore is taken away, as
    TransformerLens's ``from_pretrained`` does: so the QK and OV circuits that pages show are the whole truth. What
    the model predicts stays the same.

    Raises:
        Problem: torch or a package is missing, or the sample that goes with the project is of another text.
    """
    try:
        from circuit_explainer.zoo.making.text import with_torch
    except ModuleNotFoundError as error:
        raise Problem(f"English is learned with torch ({error}): run `make models`, which installs it") from error
    cfg = recipe.config
    learned, held_out = split(numbers(corpus()))
    unseen = windows(held_out, cfg.n_ctx)
    check_sample(unseen)
    weights = with_torch.trained(recipe, learned, lambda step, loss: report(step, recipe.steps, f"loss {loss:.2f}"))
    plain = Transformer(cfg, weights, CharTokenizer(cfg.n_ctx))
    stored = processed(plain)
    made = {
        "by": "training on English with torch",
        **dataclasses.asdict(recipe),
        "config": cfg.to_dict(),
        # The config above is that of the training.
        "stored_with": {"normalization_type": stored.cfg.normalization_type},
        "corpus": {"sha256": SHA256, "characters": len(learned), "held_out": len(held_out)},
        "loss_held_out": round(float(per_token_loss(plain(unseen), unseen).mean()), 4),
        "bigram_table_held_out": round(bigrams.loss(bigrams.counted(learned, cfg.d_vocab), unseen), 4),
    }
    return stored, made


def check_sample(unseen: Array) -> None:
    """Raise Problem if the sample is not one of this text; where there is none, write it."""
    wanted = sample(unseen)
    if not SAMPLE.is_file():
        SAMPLE.write_bytes(wanted)
    if SAMPLE.read_bytes() != wanted:
        raise Problem(
            f"{SAMPLE.name} is not the sample of the text held out, on which models are measured: delete {SAMPLE} "
            "and run again, which writes it anew"
        )


def sample(unseen: Array) -> bytes:
    """The text of some of the windows, taken evenly from all of them."""
    chosen = unseen[:: len(unseen) // WINDOWS][:WINDOWS, 1:]
    return CharTokenizer(unseen.shape[1]).decode(chosen.reshape(-1)).encode()
