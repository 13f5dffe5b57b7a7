"""What an exhibit whose controls follow from its values makes of any values, and the link that holds them.

Nothing that a link can hold stops it: what cannot be used is left out, and a sentence says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode

from circuit_explainer.exhibits.controls import Control, Edits, Several, Text, Toggle, Wire
from circuit_explainer.exhibits.exhibit import Controls, Exhibit, first
from circuit_explainer.exhibits.quoted import quoted

VERSION = "1"
LONGEST = 20_000  # characters of a link
MOST_NOTES = 3


@dataclass(frozen=True)
class Settled:
    """The `controls` that there are, the wire value of each, and `notes`: a sentence for each value left out."""

    controls: Controls
    wires: dict[str, Wire]
    notes: tuple[str, ...]


def settle(exhibit: Exhibit, wires: Mapping[str, Wire]) -> Settled:
    """Return what holds for these wire values: one that is not offered gives way to the control's first.

    A text that cannot be used stays, for the reader to mend. Values without a control are left out without a word.
    """
    notes: list[str] = []
    while True:
        controls = exhibit.controls_for(wires)
        held: dict[str, Wire] = {}
        lost = len(notes)
        for name, control in controls.items():
            wire = wires.get(name, first(control))
            try:
                control.parse(wire)
            except ValueError:
                if not (isinstance(control, Text) and isinstance(wire, str)):
                    wire, note = _instead(_label(name, control), control, wire)
                    notes.append(note)
            held[name] = wire
        if len(notes) == lost:
            return Settled(controls, held, tuple(notes))
        wires = held  # without what was left out there may be other controls


def _instead(label: str, control: Control, wire: Wire) -> tuple[Wire, str]:
    if isinstance(control, Edits | Several) and isinstance(wire, list):
        kept: list[str] = []
        lost: list[str] = []
        for item in wire:
            (kept if _usable(control, [*kept, item]) else lost).append(item)
        told = ", ".join(map(quoted, lost[:MOST_NOTES]))
        return kept, f"{label}: {told} cannot be used here and was left out."
    told = quoted(wire) if isinstance(wire, str) else "a value of another kind"
    return first(control), f"{label}: {told} is not offered here, so it is “{first(control)}”."


def _usable(control: Edits | Several, items: list[str]) -> bool:
    try:
        control.parse(items)
    except ValueError:
        return False
    return True


def _label(name: str, control: Control) -> str:
    return control.label or name.replace("_", " ").capitalize()


def settle_asked(exhibit: Exhibit, wires: Mapping[str, Wire], link: str | None) -> Settled:
    """Return what holds for a page's request: these values, in place of a link's where one was just opened."""
    return settle(exhibit, wires) if link is None else read_link(exhibit, link, wires)


def write_link(settled: Settled) -> str:
    """Return the link's part behind "#": the version, and each value that is not its control's first.

    A list is written as one pair for each item, an empty one as one pair without a value.
    """
    pairs = [("v", VERSION)]
    for name, control in settled.controls.items():
        wire = settled.wires[name]
        if wire == first(control):
            continue
        if isinstance(wire, list):
            pairs += [(name, item) for item in wire or [""]]
        else:
            pairs.append((name, ("on" if wire else "off") if isinstance(wire, bool) else str(wire)))
    return urlencode(pairs, errors="replace")  # half of a character cannot be written


def read_link(exhibit: Exhibit, link: str, changes: Mapping[str, Wire] | None = None) -> Settled:
    """Return what a link holds, however broken it is; `notes` say what was left out.

    `changes` are wire values that count in place of the link's: what the reader did before it could be read.
    """
    pairs, note = _pairs(link)
    if note:
        settled = settle(exhibit, changes or {})
        return replace(settled, notes=(note, *settled.notes))
    texts: dict[str, list[str]] = {}
    for name, text in pairs:
        texts.setdefault(name, []).append(text)
    # Controls come and go with the values of others: read with what is known until nothing more is.
    wires: dict[str, Wire] = {}
    while True:
        controls = exhibit.controls_for(wires)
        read = {name: _wire(control, texts[name]) for name, control in controls.items() if name in texts}
        if read.keys() <= wires.keys():
            break
        wires |= read
    settled = settle(exhibit, {**wires, **(changes or {})})
    unknown = [name for name in texts if name not in settled.controls]
    notes = [*settled.notes, *(f"{quoted(name)} means nothing here." for name in unknown)]
    if len(notes) > MOST_NOTES:
        notes[MOST_NOTES:] = [f"{len(notes) - MOST_NOTES} more were left out."]
    return Settled(settled.controls, settled.wires, tuple(notes))


def _pairs(link: str) -> tuple[list[tuple[str, str]], str]:
    """Return the pairs of a link without its version, and a sentence where it cannot be read at all."""
    if len(link) > LONGEST:
        return [], f"The link has {len(link)} characters; at most {LONGEST} can be read. The first state is shown."
    try:
        pairs = parse_qsl(link, keep_blank_values=True, errors="strict", max_num_fields=100)
    except ValueError:
        return [], "The link is damaged: its text cannot be read. The first state is shown."
    versions = [text for name, text in pairs if name == "v"]
    if versions != [VERSION]:
        told = f"version {quoted(versions[0], 20)}" if versions else "no version"
        return [], f"The link has {told}; this page reads version {VERSION}. The first state is shown."
    return [pair for pair in pairs if pair[0] != "v"], ""


def _wire(control: Control, texts: list[str]) -> Wire:
    if isinstance(control, Edits | Several):
        return [] if texts == [""] else texts
    if isinstance(control, Toggle):
        return {"on": True, "off": False}.get(texts[-1], texts[-1])
    return texts[-1]
