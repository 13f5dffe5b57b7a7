"""Static HTML of an exhibit's controls: a form that holds the first values before any script."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from html import escape

from circuit_explainer.exhibits import edits_form as edits
from circuit_explainer.exhibits.controls import Choice, Control, Edits, Several, Slider, Text, Toggle, Wire
from circuit_explainer.exhibits.exhibit import Controls, Exhibit, first

# More options than this do not fit beside each other on a phone.
MAX_RADIOS = 5
# More controls than this are too many choices at once; the rest is folded.
MAX_CONTROLS = 5


def form(exhibit: Exhibit, quiet: Collection[str] = ()) -> str:
    """Return the form, or nothing for an exhibit without controls.

    The examples of the texts named in `quiet` show only where they are needed.
    """
    if not exhibit.controls:
        return ""
    name = escape(exhibit.name)
    attributes = f'class="exhibit-controls" id="{name}-controls" data-role="controls" data-search-exclude'
    return f"<form {attributes}>{fields(exhibit.name, exhibit.controls, quiet=quiet)}</form>"


def fields(
    exhibit: str, controls: Controls, wires: Mapping[str, Wire] | None = None, quiet: Collection[str] = ()
) -> str:
    """Return what stands in the form, at the controls' first values; the page's script writes others.

    Lists of changes stand as `wires` hold them: their sentences are made here.
    """
    wires = wires or {}
    each = [field(exhibit, name, control, name in quiet, wires.get(name)) for name, control in controls.items()]
    # A list of changes, and what stands behind it and belongs to it, are never folded with the others.
    lists = [at for at, control in enumerate(controls.values()) if isinstance(control, Edits)]
    plain = lists[0] if lists else len(each)
    more = "".join(each[MAX_CONTROLS:plain])
    folded = f'<details class="more"><summary>More</summary><div>{more}</div></details>' if more else ""
    return "".join(each[: min(plain, MAX_CONTROLS)]) + folded + "".join(each[plain:])


def field(exhibit: str, name: str, control: Control, quiet: bool = False, wire: Wire | None = None) -> str:
    """Return one control: its label, its element and the line for what is wrong with it."""
    key = escape(f"{exhibit}-{name}")
    label = escape(control.label or name.replace("_", " ").capitalize())
    # Hyphens keep a control named like a property of forms ("length", "elements") from hiding it.
    attributes = f'data-control="{escape(name)}" aria-describedby="{key}-error"'
    error = f'<p class="field-error" id="{key}-error" data-error-for="{escape(name)}" aria-live="polite"></p>'
    if isinstance(control, Toggle):
        inner = _toggle(key, attributes, label, control)
    elif isinstance(control, Slider):
        inner = _slider(key, attributes, label, control)
    elif isinstance(control, Text):
        inner = _text(key, attributes, label, control, quiet)
    elif isinstance(control, Edits):
        return edits.field(key, name, label, control, first(control) if wire is None else wire, error)
    elif isinstance(control, Several):
        return _group(
            key, label, control, "".join(_box(key, name, option, control) for option in control.options), error
        )
    elif len(control.options) <= MAX_RADIOS and not control.steps:
        return _group(key, label, control, "".join(_radio(key, name, each, control) for each in control.options), error)
    else:
        inner = _select(key, attributes, label, control)
    return f'<div class="field" data-kind="{control.kind}"{_shared(control)}>{inner}{error}</div>'


def _toggle(key: str, attributes: str, label: str, control: Toggle) -> str:
    checked = " checked" if control.default else ""
    return f'<label class="field-toggle"><input type="checkbox" name="{key}" {attributes}{checked}> {label}</label>'


def _slider(key: str, attributes: str, label: str, control: Slider) -> str:
    told = escape(control.told(control.default))
    shown = f' data-names="{escape(json.dumps(control.names, ensure_ascii=False))}"' if control.names else ""
    unit = f' data-unit="{escape(control.unit)}"' if control.unit else ""
    return (
        f'<label for="{key}">{label}: <output for="{key}">{told}</output></label><div class="stepper">'
        f"{_button('-1', '−', f'{label}: less')}"
        f'<input type="range" id="{key}" name="{key}" {attributes} min="{control.minimum:g}" '
        f'max="{control.maximum:g}" step="{control.step:g}" value="{control.default:g}" aria-valuetext="{told}"'
        f"{shown}{unit}>{_button('1', '+', f'{label}: more')}</div>"
    )


def _select(key: str, attributes: str, label: str, control: Choice) -> str:
    each = [_option(option, option == control.default) for option in control.options]
    options = "".join(_grouped(each, control.groups))
    select = f'<select id="{key}" name="{key}" {attributes}>{options}</select>'
    if control.steps:
        select = f'<div class="stepper">{_button("-1", "Back")}{select}{_button("1", "Next")}</div>'
    return f'<label for="{key}">{label}</label>{select}'


def _grouped(options: list[str], groups: Mapping[str, int]) -> Iterator[str]:
    at = 0
    for label, count in groups.items():
        yield f'<optgroup label="{escape(label)}">{"".join(options[at : at + count])}</optgroup>'
        at += count
    yield from options[at:]


def _button(step: str, text: str, name: str = "") -> str:
    named = f' aria-label="{name}"' if name else ""
    return f'<button type="button" data-step="{step}"{named}>{text}</button>'


def _text(key: str, attributes: str, label: str, control: Text, quiet: bool) -> str:
    return (
        f'<label for="{key}">{label}</label><input type="text" id="{key}" name="{key}" {attributes} '
        f'value="{escape(control.default)}" spellcheck="false" autocapitalize="off">{_examples(control, quiet)}'
    )


def _group(key: str, label: str, control: Choice | Several, boxes: str, error: str) -> str:
    attributes = f'data-kind="{control.kind}"{_shared(control)} aria-describedby="{key}-error"'
    content = f'<legend>{label}</legend><div class="radios">{boxes}</div>{error}'
    return f'<fieldset class="field" {attributes}>{content}</fieldset>'


def _radio(key: str, name: str, option: object, control: Choice) -> str:
    text, checked = escape(str(option)), " checked" if option == control.default else ""
    return (
        f'<label><input type="radio" name="{key}" data-control="{escape(name)}" value="{text}"{checked}> '
        f"<span>{text}</span></label>"
    )


def _box(key: str, name: str, option: str, control: Several) -> str:
    text, checked = escape(option), " checked" if option in control.default else ""
    attributes = f'name="{key}" data-control="{escape(name)}" data-several value="{text}"{checked}'
    return f'<label><input type="checkbox" {attributes}> <span>{text}</span></label>'


def _shared(control: Control) -> str:
    return " data-shared" if control.shared else ""


def _option(option: object, selected: bool) -> str:
    text = escape(str(option))
    return f'<option value="{text}"{" selected" if selected else ""}>{text}</option>'


def _examples(control: Text, quiet: bool) -> str:
    if not control.examples:
        return ""
    buttons = "".join(
        f'<button type="button" class="example" data-example="{escape(text)}">{escape(text)}</button>'
        for text in control.examples
    )
    return f'<div class="examples"{" data-quiet" if quiet else ""}><span>Examples:</span>{buttons}</div>'
