"""The `pyscript` fence in Markdown, as SuperFences wants it: a validator and a formatter.

```pyscript title="The second cat looks at sat" height="420" code="folded"
"""

from __future__ import annotations

from typing import Any

from circuit_explainer.build import prerender


def validate(_language: str, inputs: dict[str, str], options: dict[str, Any], _attrs: object, _md: object) -> bool:
    """Take every option as it stands: SuperFences would turn a refused fence into plain text without a word."""
    options.update(inputs)
    return True


def render(source: str, _language: str, _class: str, options: dict[str, Any], _md: object, **_ignored: object) -> str:
    """Return the HTML of one block of the page being rendered."""
    return prerender.render_block(source, options)
