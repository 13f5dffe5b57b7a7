"""The views of the playground, one module each; `VIEWS` is their menu, in its order."""

from circuit_explainer.workbench.playground.views.all_heads import ALL_HEADS
from circuit_explainer.workbench.playground.views.head_scores import HEAD_SCORES
from circuit_explainer.workbench.playground.views.one_head import ONE_HEAD
from circuit_explainer.workbench.playground.views.view import View

VIEWS: dict[str, View] = {
    # Attention
    "all_heads": ALL_HEADS,
    "one_head": ONE_HEAD,
    "head_scores": HEAD_SCORES,
}

__all__ = ["VIEWS", "View"]
