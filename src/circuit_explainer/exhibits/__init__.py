"""Exhibits: pure functions of their controls, drawn at build time and again in the reader's browser."""

from circuit_explainer.exhibits.controls import Choice, Control, Edit, Edits, Several, Slider, Text, Toggle
from circuit_explainer.exhibits.drawn import ExhibitError, ReaderError
from circuit_explainer.exhibits.exhibit import Exhibit, exhibit

__all__ = [
    "Choice",
    "Control",
    "Edit",
    "Edits",
    "Exhibit",
    "ExhibitError",
    "ReaderError",
    "Several",
    "Slider",
    "Text",
    "Toggle",
    "exhibit",
]
