"""The models that ship with the project: ``zoo.load("induction-2l")``; how they are made stands in ``zoo.making``."""

from circuit_explainer.zoo.checkpoint_file import Checkpoints
from circuit_explainer.zoo.loader import MissingModel, checkpoints, directory, facts, load, names, recording

__all__ = ["Checkpoints", "MissingModel", "checkpoints", "directory", "facts", "load", "names", "recording"]
