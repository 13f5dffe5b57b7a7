"""Exhibits: pure functions of their controls, drawn at build time and again in the reader's browser."""

from circuit_explainer.exhibits.controls import Choice, Control, Several, Slider, Text, Toggle
from circuit_explainer.exhibits.exhibit import Exhibit, ExhibitError, ReaderError, exhibit

__all__ = [
    "Choice",
    "Control",
    "Exhibit",
    "ExhibitError",
    "ReaderError",
    "Several",
    "Slider",
    "Text",
    "Toggle",
    "exhibit",
]
