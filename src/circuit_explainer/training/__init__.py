"""Training small attention-only transformers in numpy: tasks, exact gradients, Adam, a trainer."""

from circuit_explainer.training.backward import loss_and_gradients
from circuit_explainer.training.tasks import Batch, repeated_blocks
from circuit_explainer.training.trainer import Progress, Recipe, train, trained

__all__ = ["Batch", "Progress", "Recipe", "loss_and_gradients", "repeated_blocks", "train", "trained"]
