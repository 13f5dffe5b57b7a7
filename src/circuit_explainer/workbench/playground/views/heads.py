"""Heads by name, as a control of a view has them."""

from __future__ import annotations

from circuit_explainer.circuits.heads import all_heads, head_name
from circuit_explainer.core import Transformer
from circuit_explainer.exhibits import Choice, Control


def head_control(model: Transformer) -> dict[str, Control]:
    """The control `head`, such as "L0H1"; nothing where there is only one."""
    names = [head_name(*at) for at in all_heads(model.cfg)]
    return {"head": Choice(*names, label="Head")} if len(names) > 1 else {}


def layer_and_head(name: str) -> tuple[int, int]:
    """Layer and head of a name such as "L0H1"."""
    layer, _, head = name.removeprefix("L").partition("H")
    return int(layer), int(head)
