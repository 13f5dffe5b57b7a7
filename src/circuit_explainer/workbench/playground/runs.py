"""What a view draws from: the run of the text as it is, and the one with the reader's interventions."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

from circuit_explainer.core import ActivationCache, Transformer
from circuit_explainer.core.arrays import Array
from circuit_explainer.core.hooks import NamesFilter
from circuit_explainer.workbench.playground.interventions import Intervention


@dataclass(frozen=True)
class Runs:
    """Both runs: `logits` and `cache` are those of the intervened one, None where no intervention is on.

    `tokens` is [b, p], b = 1 but for views on random repeated tokens; logits are [b, p, v]. `labels` holds a text
    for each position. The caches hold what the view needs, and may hold more.
    """

    model: Transformer
    tokens: Array
    labels: list[str]
    clean_logits: Array
    clean: ActivationCache
    logits: Array | None = None
    cache: ActivationCache | None = None


def steps(
    model: Transformer, text: str, other: str, interventions: tuple[Intervention, ...], needed: NamesFilter
) -> Generator[str, None, Runs]:
    """Make the runs, layer by layer: yields sentences of progress, returns the runs."""
    yield from ()
    logits, cache = model.run_with_cache(text, needed)
    return Runs(model, model.to_tokens(text), model.to_str_tokens(text), logits, cache)


def clear() -> None:
    """Forget all runs."""
