"""Static HTML of a list of changes: each a sentence to be switched, moved and taken away; what adds one."""

from __future__ import annotations

from html import escape

from circuit_explainer.exhibits.controls.edits import OFF, Edits
from circuit_explainer.exhibits.controls.wire import Wire


def field(key: str, name: str, label: str, control: Edits, wire: Wire, error: str) -> str:
    """Return the group: the list as `wire` holds it, and the menus whose chosen values make another change.

    `key` is for ids, `label` and `error` are ready HTML.
    """
    items = [str(item) for item in wire] if isinstance(wire, list) else []
    shown = "".join(_item(name, item, n, len(items), control) for n, item in enumerate(items))
    listed = f'<ol class="edits">{shown}</ol>' if items else '<p class="edits-none">Nothing is changed.</p>'
    return (
        f'<details class="field" data-kind="edits" data-edits="{escape(name)}"{" open" if items else ""}>'
        f"<summary>{label}: {len(items) or 'none'}</summary>{listed}{_adding(key, control)}{error}</details>"
    )


def _item(name: str, item: str, at: int, count: int, control: Edits) -> str:
    sentence, bare = escape(control.sentence(item)), escape(item.removeprefix(OFF))
    checked = "" if item.startswith(OFF) else " checked"
    box = f'<input type="checkbox" data-control="{escape(name)}" data-item="{bare}"{checked}>'
    off = ' aria-disabled="true"'
    buttons = "".join(
        f'<button type="button" data-edit="{move}" aria-label="{words}: {sentence}"{off * last}>{sign}</button>'
        for move, words, sign, last in (
            ("-1", "Earlier", "↑", at == 0),
            ("1", "Later", "↓", at == count - 1),
            ("remove", "Take away", "×", False),
        )
    )
    return f'<li><label>{box} <span>{sentence}</span></label><span class="edits-buttons">{buttons}</span></li>'


def _adding(key: str, control: Edits) -> str:
    kinds = "".join(f'<option value="{escape(name)}">{escape(e.label)}</option>' for name, e in control.kinds.items())
    places = "".join(
        f'<select data-places="{escape(kind)}" aria-label="Where"{" hidden" if n else ""}>'
        + "".join(f'<option value="{escape(at)}">{escape(words)}</option>' for at, words in edit.places.items())
        + "</select>"
        for n, (kind, edit) in enumerate(control.kinds.items())
    )
    return (
        f'<div class="edits-add"><label for="{key}-kind">Change</label><select id="{key}-kind" data-kinds>{kinds}'
        f'</select>{places}<button type="button" data-edit="add">Add</button></div>'
    )
