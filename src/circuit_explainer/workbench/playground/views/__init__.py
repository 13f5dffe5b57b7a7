"""The views of the playground, one module each; `VIEWS` is their menu, in its order."""

from circuit_explainer.workbench.playground.views.all_heads import ALL_HEADS
from circuit_explainer.workbench.playground.views.circuits import CIRCUITS
from circuit_explainer.workbench.playground.views.composition import COMPOSITION
from circuit_explainer.workbench.playground.views.head_scores import HEAD_SCORES
from circuit_explainer.workbench.playground.views.hook_explorer import HOOK_EXPLORER
from circuit_explainer.workbench.playground.views.logit_attribution import LOGIT_ATTRIBUTION
from circuit_explainer.workbench.playground.views.logit_lens import LOGIT_LENS
from circuit_explainer.workbench.playground.views.one_head import ONE_HEAD
from circuit_explainer.workbench.playground.views.top_predictions import TOP_PREDICTIONS
from circuit_explainer.workbench.playground.views.view import View

VIEWS: dict[str, View] = {
    # Attention
    "all_heads": ALL_HEADS,
    "one_head": ONE_HEAD,
    "head_scores": HEAD_SCORES,
    # Predictions
    "top_predictions": TOP_PREDICTIONS,
    "logit_lens": LOGIT_LENS,
    "logit_attribution": LOGIT_ATTRIBUTION,
    # Weights
    "circuits": CIRCUITS,
    "composition": COMPOSITION,
    # Activations
    "hook_explorer": HOOK_EXPLORER,
}

__all__ = ["VIEWS", "View"]
