"""In-context learning: how much better a model predicts late in a text than early (Olsson et al., 2022)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from circuit_explainer.circuits.repeats import per_token_loss
from circuit_explainer.core import check
from circuit_explainer.core.hooks import Hooks
from circuit_explainer.core.model import Transformer


@dataclass(frozen=True)
class InContextLearning:
    """``score`` in nats, more negative is better: the mean loss of token ``late`` minus that of token ``early``.

    Tokens are counted from 1, BOS included.
    """

    score: float
    early: int
    late: int


def in_context_learning(
    model: Transformer, tokens: Any, early: int | None = None, late: int | None = None, fwd_hooks: Hooks = ()
) -> InContextLearning:
    """The mean loss in nats of a late token minus that of an early one.

    Source: Olsson et al. (2022), who take the 50th and the 500th token.

    Args:
        model: of any architecture.
        tokens: a text or ``[b, p]``, better many sequences; of natural text, for the paper's meaning.
        early, late: which tokens, counted from 1, at least the second. By default the 50th and the 500th where the
            text has so many, else those at a tenth of the text and at its end.
        fwd_hooks: interventions on the run.

    Raises:
        ValueError: the text does not have these tokens in this order, or the model cannot read it.
    """
    ids = check.tokens(model.cfg, model.to_tokens(tokens) if isinstance(tokens, str) else tokens)
    length = ids.shape[1]
    long_enough = length >= 500
    early = (50 if long_enough else max(2, length // 10)) if early is None else early
    late = (500 if long_enough else length) if late is None else late
    if not 2 <= early < late <= length:
        raise ValueError(
            f"early and late must be tokens of the text with 2 <= early < late <= {length}; "
            f"got early={early}, late={late}."
        )
    losses = per_token_loss(model.run_with_hooks(ids, fwd_hooks), ids)
    # losses[:, i] is that of token i + 2.
    return InContextLearning(float(np.mean(losses[:, late - 2] - losses[:, early - 2])), early, late)
