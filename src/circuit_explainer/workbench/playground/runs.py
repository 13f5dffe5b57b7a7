"""What a view draws from: the run of the text as it is, and the one with the reader's interventions.

A run is kept, so that another view, head or order does not run the model again: whole where it is small, else with
the activations that were asked for. All that is kept together stays below a bound.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any

from circuit_explainer.circuits.repeats import some_repeats
from circuit_explainer.circuits.scores import SEQUENCES
from circuit_explainer.core import ActivationCache, TextError, Transformer, activation_shapes, check_hooks
from circuit_explainer.core.arrays import Array
from circuit_explainer.core.hooks import Hooks, NamesFilter
from circuit_explainer.workbench.playground import texts
from circuit_explainer.workbench.playground.hooks import hooks, sources
from circuit_explainer.workbench.playground.interventions import Intervention

MB = 1 << 20
# Bytes: a run up to this size is kept whole, all runs together take no more than this, and no run more than that.
WHOLE, TOGETHER, MOST = 32 * MB, 128 * MB, 256 * MB
# From so many multiplications on, half a second in a browser, a run tells how far it is.
SLOW = 3e8

Run = tuple[Array, ActivationCache]
_kept: OrderedDict[Any, Run] = OrderedDict()


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
    model: Transformer, text: str, other: str, interventions: Sequence[Intervention], needed: NamesFilter
) -> Generator[str, None, Runs]:
    """Make the runs on a text, layer by layer: yields sentences of progress, returns the runs.

    `other` is read only where a patch is on. Raises TextError for the text, ReaderError for the other prompt.
    """
    tokens, labels = texts.read(model, text)
    changes = tuple(one for one in interventions if one.on)
    damaged = None
    if any(one.kind == "patch" for one in changes):
        tokens, damaged = texts.pair(model, text, other)
    return (yield from _both(model, tokens, labels, damaged, changes, needed))


def steps_on_repeats(
    model: Transformer, interventions: Sequence[Intervention], needed: NamesFilter
) -> Generator[str, None, Runs]:
    """The same on random repeated tokens, as `circuits.head_scores` takes them; patches are left out there."""
    tokens = some_repeats(model, SEQUENCES).tokens
    changes = tuple(one for one in interventions if one.on and one.kind != "patch")
    labels = [str(n) for n in range(tokens.shape[1])]
    return (yield from _both(model, tokens, labels, None, changes, needed))


def clear() -> None:
    """Forget all runs."""
    _kept.clear()


def _both(
    model: Transformer,
    tokens: Array,
    labels: list[str],
    damaged: Array | None,
    changes: tuple[Intervention, ...],
    needed: NamesFilter,
) -> Generator[str, None, Runs]:
    cfg = model.cfg
    shown = check_hooks.names(activation_shapes(cfg, 1, 1), needed)
    told = "Clean run: layer" if changes else "Layer"
    logits, clean = yield from _run(model, tokens, (), shown | sources(changes, cfg, "clean"), told, ())
    if not changes:
        return Runs(model, tokens, labels, logits, clean)
    other = None
    if damaged is not None:
        _, other = yield from _run(model, damaged, (), sources(changes, cfg, "patch"), "Other prompt: layer", ())
    fns = [hook for one in changes for hook in hooks(one, cfg, clean, other)]
    key = (changes, None if damaged is None else damaged.tobytes())
    changed_logits, changed = yield from _run(model, tokens, fns, shown, "With your changes: layer", key)
    return Runs(model, tokens, labels, logits, clean, changed_logits, changed)


def _run(
    model: Transformer, tokens: Array, fns: Hooks, names: set[str], told: str, changes: Any
) -> Generator[str, None, Run]:
    """One run, or the kept one if it has all of `names`."""
    key = (model, tokens.shape, tokens.tobytes(), changes)
    found = _kept.get(key)
    if found is not None and names <= set(found[1]):
        _kept.move_to_end(key)
        return found
    size = {name: 4 * math.prod(shape) for name, shape in activation_shapes(model.cfg, *tokens.shape).items()}
    if sum(size.values()) <= WHOLE:
        names = set(size)
    elif found is not None:
        names |= set(found[1])
    bytes_ = sum(size[name] for name in names | {"unembed.hook_out"})
    if bytes_ > MOST:
        raise TextError(
            f"What this view needs of {tokens.shape[1]} tokens takes {bytes_ / MB:.0f} MB, and at most {MOST // MB} MB "
            "fit: shorten the text."
        )
    slow = tokens.size * sum(weight.size for weight in model.weights.values()) > SLOW
    run = model.run_in_steps(tokens, names, fns)
    while True:
        try:
            layer = next(run)
        except StopIteration as end:
            made: Run = end.value
            break
        if slow and layer < model.cfg.n_layers:
            yield f"{told} {layer + 1} of {model.cfg.n_layers}."
    _keep(key, made)
    return made


def _keep(key: Any, made: Run) -> None:
    _kept[key] = made
    _kept.move_to_end(key)
    while sum(_bytes(run) for run in _kept.values()) > TOGETHER:
        _kept.popitem(last=False)


def _bytes(run: Run) -> int:
    return int(run[0].nbytes) + sum(array.nbytes for array in run[1].values())
