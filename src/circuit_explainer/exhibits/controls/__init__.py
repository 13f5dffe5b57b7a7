"""Controls as data: what a reader may set, what is accepted, and the value that the exhibit's function gets.

A control has two types: the wire value, which a form element holds (text, a number, true or false, a list of texts),
and the Python value that the function takes. `parse` is the only way from one to the other.
"""

from circuit_explainer.exhibits.controls.choice import Choice, Several
from circuit_explainer.exhibits.controls.edits import Edit, Edits
from circuit_explainer.exhibits.controls.slider import Slider
from circuit_explainer.exhibits.controls.text import Text
from circuit_explainer.exhibits.controls.toggle import Toggle
from circuit_explainer.exhibits.controls.wire import Option, Wire

Control = Text | Choice | Several | Slider | Toggle | Edits
"""Any of the six."""

__all__ = ["Choice", "Control", "Edit", "Edits", "Option", "Several", "Slider", "Text", "Toggle", "Wire"]
