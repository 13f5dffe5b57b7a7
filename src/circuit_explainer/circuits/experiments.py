"""Targeted experiments: take a head or a path out, and measure what the heads still do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from circuit_explainer.circuits.ablation import keep_patterns, zero_heads
from circuit_explainer.circuits.heads import Head, all_heads, check_earlier, check_heads, head_name
from circuit_explainer.circuits.paths import INPUTS, Received, Receivers, cut_path
from circuit_explainer.circuits.repeats import RepeatedTokens, loss_of_run, repeats_for
from circuit_explainer.circuits.scores import SEQUENCES, induction, needed, table_of_run
from circuit_explainer.circuits.table import HeadTable, check_score
from circuit_explainer.core.arrays import Array
from circuit_explainer.core.config import Config
from circuit_explainer.core.hooks import HookFunction, Hooks
from circuit_explainer.core.model import Transformer
from circuit_explainer.core.names import get_act_name

# Makes the hooks of an ablation, as zero_heads and partial(mean_heads, reference=cache) do.
Ablate = Callable[[Config, Iterable[Head]], list[tuple[str, HookFunction]]]


@dataclass(frozen=True)
class AblationTest:
    """A model with and without some ``heads``.

    ``before`` and ``after`` are its head tables, ``loss_before`` and ``loss_after`` its loss on repeats in nats.
    """

    heads: tuple[Head, ...]
    before: HeadTable
    after: HeadTable
    loss_before: float
    loss_after: float

    def change(self, score: str) -> Array:
        """How much of a score each head gained: ``[l, h]``.

        Raises:
            ValueError: there is no such score.
        """
        return self.after.column(score) - self.before.column(score)

    def __str__(self) -> str:
        names = ", ".join(head_name(*head) for head in self.heads) or "no head"
        losses = f"from {self.loss_before:.3f} to {self.loss_after:.3f} nats"
        return f"Without {names}, the loss on repeats goes {losses}.\nBefore:\n{self.before}\nAfter:\n{self.after}"


@dataclass(frozen=True)
class AblationSweep:
    """A model without each head in turn.

    ``loss [l, h]`` is the loss on repeats without that head, in nats, and ``scores [l, h, l, h]`` the ``score`` of each
    head (last two axes) without the head of the first two. ``clean_loss`` and ``clean_scores [l, h]`` are those of the
    whole model.
    """

    score: str
    loss: Array
    scores: Array
    clean_loss: float
    clean_scores: Array


@dataclass(frozen=True)
class CompositionTest:
    """What the induction score of the head ``later`` owes to the head ``earlier``, and by which of its inputs.

    ``clean`` is the later head's induction score in the model, ``ablated`` without the earlier head; ``without`` the
    score if only its input "q", "k" or "v" misses what the earlier head writes, or all three do ("qkv": what is left
    then comes by way of heads between). ``clean_loss``, ``ablated_loss`` and ``loss_without`` are the losses on
    repeats, in nats: the values do not change where a head looks, but what it says.
    """

    earlier: Head
    later: Head
    clean: float
    ablated: float
    without: Mapping[str, float]
    clean_loss: float
    ablated_loss: float
    loss_without: Mapping[str, float]


def ablation_test(
    model: Transformer,
    heads: Iterable[Head],
    given: RepeatedTokens | None = None,
    how: Ablate = zero_heads,
    preserve_patterns: bool = False,
) -> AblationTest:
    """What all heads do without some of them, as in "ablate this head: what happens to that head's induction score?".

    Source: the ablations of Olsson et al. (2022).

    Args:
        model: of any architecture.
        heads: those to take out.
        given: the text; by default that of ``head_scores``.
        how: makes the hooks from the config and the heads: ``zero_heads``, or ``partial(mean_heads, reference=cache)``.
        preserve_patterns: freeze the patterns of the layers behind the first ablated head; then only what the heads
            move is missing, and no score of attention changes.

    Raises:
        ValueError: a head is not in the model, or ``given`` is no ``RepeatedTokens``.
    """
    chosen = tuple(check_heads(model.cfg, heads))
    given = repeats_for(model, given, SEQUENCES)
    hooks = how(model.cfg, chosen)
    if preserve_patterns and chosen:
        _, cache = model.run_with_cache(given.tokens, lambda name: name.endswith("hook_pattern"))
        hooks = hooks + keep_patterns(model.cfg, cache, after=min(layer for layer, _ in chosen))
    (before, loss_before), (after, loss_after) = _measure(model, given), _measure(model, given, hooks)
    return AblationTest(chosen, before, after, loss_before, loss_after)


def ablate_each(
    model: Transformer, score: str = "induction", given: RepeatedTokens | None = None, how: Ablate = zero_heads
) -> AblationSweep:
    """The loss on repeats, and one score of every head, without each head in turn.

    Source: the ablations of Olsson et al. (2022).

    Args:
        model, given, how: as for ``ablation_test``.
        score: a column of the head table, by the names of ``HeadScores``.

    Raises:
        ValueError: there is no such score, or ``given`` is no ``RepeatedTokens``.
    """
    check_score(score)
    cfg, given = model.cfg, repeats_for(model, given, SEQUENCES)
    table, clean_loss = _measure(model, given)
    loss = np.empty((cfg.n_layers, cfg.n_heads))
    scores = np.empty((cfg.n_layers, cfg.n_heads) * 2)
    for head in all_heads(cfg):
        without, loss[head] = _measure(model, given, how(cfg, [head]))
        scores[head] = without.column(score)
    return AblationSweep(score, loss, scores, clean_loss, table.column(score))


def composition_test(
    model: Transformer, earlier: Head, later: Head, given: RepeatedTokens | None = None, fwd_hooks: Hooks = ()
) -> CompositionTest:
    """Whether, and by which input, a later head needs an earlier one to do induction.

    In an induction circuit of two layers the score collapses without the previous-token head, and it does so just as
    much if only the keys miss what that head writes (K-composition); without it in the queries nothing changes. Where
    the keys alone matter less than all inputs together, there is a second way to the same end, by the queries.

    Source: K-composition, Elhage et al. (2021); paths are cut as in path patching, Goldowsky-Dill et al. (2023).

    Args:
        model: of any architecture.
        earlier, later: the two heads.
        given: the text; by default that of ``head_scores``.
        fwd_hooks: interventions on every run, such as the ablation of a head that does the same job.

    Raises:
        ValueError: a head is not in the model, the first is not in an earlier layer, or ``given`` is no
            ``RepeatedTokens``.
    """
    check_earlier(model.cfg, earlier, later)
    given = repeats_for(model, given, SEQUENCES)
    pattern, z = get_act_name("pattern", later[0]), get_act_name("z", earlier[0])

    def score(patterns: Array) -> float:  # [b, q, k]
        return float(induction(patterns, given.tokens, given.in_repeats).mean())

    logits, cache = model.run_with_cache(given.tokens, [pattern, z], fwd_hooks)
    without_it = [*fwd_hooks, *zero_heads(model.cfg, [earlier])]
    ablated_logits, ablated = model.run_with_cache(given.tokens, pattern, without_it)
    receivers = Receivers(model, fwd_hooks)
    received = {name: cut_path(receivers, cache, given.tokens, earlier, later, name) for name in (*INPUTS, "qkv")}

    def loss(one: Received) -> float:
        return loss_of_run(model.run_with_hooks(given.tokens, [*fwd_hooks, *one.hooks(model)]), given)

    return CompositionTest(
        earlier,
        later,
        clean=score(cache[pattern][:, later[1]]),
        ablated=score(ablated[pattern][:, later[1]]),
        without={name: score(one.pattern) for name, one in received.items()},
        clean_loss=loss_of_run(logits, given),
        ablated_loss=loss_of_run(ablated_logits, given),
        loss_without={name: loss(one) for name, one in received.items()},
    )


def _measure(model: Transformer, given: RepeatedTokens, hooks: Hooks = ()) -> tuple[HeadTable, float]:
    logits, cache = model.run_with_cache(given.tokens, needed, hooks)
    return table_of_run(model, cache, given), loss_of_run(logits, given)
