"""The models that ship with the project: ``zoo.load("induction-2l")``."""

from circuit_explainer.zoo.loader import MissingModel, directory, facts, load, names, recording

__all__ = ["MissingModel", "directory", "facts", "load", "names", "recording"]
