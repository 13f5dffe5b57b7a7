"""Measures on a model's circuits: head scores, losses, direct logit attribution, ablation."""

from circuit_explainer.circuits.ablation import zero_heads
from circuit_explainer.circuits.attribution import Attribution, logit_attribution
from circuit_explainer.circuits.repeats import (
    RepeatedTokens,
    loss_on_repeats,
    per_token_loss,
    repeated_tokens,
)
from circuit_explainer.circuits.scores import (
    HeadScores,
    current_token,
    duplicate_targets,
    duplicate_token,
    first_token,
    head_scores,
    induction,
    induction_targets,
    previous_token,
)

__all__ = [
    "Attribution",
    "HeadScores",
    "RepeatedTokens",
    "current_token",
    "duplicate_targets",
    "duplicate_token",
    "first_token",
    "head_scores",
    "induction",
    "induction_targets",
    "logit_attribution",
    "loss_on_repeats",
    "per_token_loss",
    "previous_token",
    "repeated_tokens",
    "zero_heads",
]
