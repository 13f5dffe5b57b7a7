"""What our pages add to Markdown, as SuperFences and InlineHilite want it: validators and formatters.

```pyscript title="The second cat looks at sat" height="420" code="folded"     a block of Python, see `options`
```predict                                                                     a question, see `predict`
```diagram                                                                     an expression that gives SVG
`#!value f"{score:.2f}"`                                                       in a sentence, a number of this page
"""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

from circuit_explainer.build import prerender


def validate(_language: str, inputs: dict[str, str], options: dict[str, Any], _attrs: object, _md: object) -> bool:
    """Take every option as it stands: SuperFences would turn a refused fence into plain text without a word."""
    options.update(inputs)
    return True


def render(source: str, _language: str, _class: str, options: dict[str, Any], _md: object, **_ignored: object) -> str:
    """Return the HTML of one block of the page being rendered."""
    return prerender.render_block(source, options)


def predict(source: str, _language: str, _class: str, _options: dict[str, Any], _md: object, **_ignored: object) -> str:
    """Return the HTML of one question of the page being rendered."""
    return prerender.render_question(source)


def diagram(source: str, _language: str, _class: str, _options: dict[str, Any], _md: object, **_ignored: object) -> str:
    """Return the HTML that an expression over the page's names gives: a function of `circuit_explainer.diagrams`."""
    return prerender.value(source)


def value(source: str, _language: str, _class: str, _md: object) -> Element:
    """Return a value of the page being rendered, for its prose."""
    element = Element("span", {"class": "value"})
    element.text = prerender.value(source)
    return element


FENCES = (
    {"name": "pyscript", "class": "pyscript", "validator": validate, "format": render},
    {"name": "predict", "class": "predict", "validator": validate, "format": predict},
    {"name": "diagram", "class": "diagram", "validator": validate, "format": diagram},
)
INLINE = ({"name": "value", "class": "value", "format": value},)
