"""Interventions that a reader lists: how each is written, and how it is said.

In the list and in a link an intervention is a few words, what is done and where: `zero 0.0` (a head), `zero mlp 1` and
`patch resid_pre 1` (a layer), `freeze 0` (all layers) or `freeze 1` (from a layer on). A leading `off` keeps it in the
list without effect. Patches take an activation from the run on the other prompt; means and frozen patterns come from
the clean run, the one without interventions.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from circuit_explainer.circuits.heads import head_name, key_value_head
from circuit_explainer.core import Config
from circuit_explainer.exhibits import Edit, Edits
from circuit_explainer.exhibits.quoted import quoted

OFF = "off"
# More than these in a list are no experiment that a reader could follow.
MOST = 12
_NUMBER = "0|[1-9][0-9]{0,4}"


@dataclass(frozen=True)
class Form:
    """A kind of intervention: the activation it is about, and whether it wants a "head", a "layer", or "from" one on.

    `label` stands in the menu; `sentence` holds `{place}`.
    """

    site: str
    place: str
    label: str
    sentence: str


# By the words that begin it.
FORMS = {
    "zero": Form("z", "head", "Zero a head", "Zero the output of {place}."),
    "mean": Form("z", "head", "Mean of a head", "Replace the output of {place} by its mean over the text."),
    "freeze": Form("pattern", "from", "Freeze patterns", "Keep the attention patterns of {place} as in the clean run."),
    "patch q": Form("q", "head", "Patch queries", "Take the queries of {place} from the other prompt."),
    "patch k": Form("k", "head", "Patch keys", "Take the keys of {place} from the other prompt."),
    "patch v": Form("v", "head", "Patch values", "Take the values of {place} from the other prompt."),
    "patch z": Form("z", "head", "Patch a head’s output", "Take the output of {place} from the other prompt."),
    "patch pattern": Form(
        "pattern", "head", "Patch a pattern", "Take the attention pattern of {place} from the other prompt."
    ),
    "patch resid_pre": Form(
        "resid_pre", "layer", "Patch the stream", "Take the residual stream before {place} from the other prompt."
    ),
    "zero mlp": Form("mlp_out", "layer", "Zero an MLP", "Zero the output of the MLP of {place}."),
}


@dataclass(frozen=True)
class Intervention:
    """One change of a run: `form` is a key of `FORMS`; `head` is None where a layer is meant."""

    form: str
    layer: int
    head: int | None = None
    on: bool = True

    @property
    def kind(self) -> str:
        """What is done: "zero", "mean", "patch" or "freeze"."""
        return self.form.split()[0]

    @property
    def site(self) -> str:
        """The activation, as "z"."""
        return FORMS[self.form].site

    @property
    def place(self) -> str:
        """Where, as it is written: "0.1" or "1"."""
        return f"{self.layer}" if self.head is None else f"{self.layer}.{self.head}"

    @property
    def wire(self) -> str:
        """How it is written; `parse` reads it."""
        return f"{'' if self.on else f'{OFF} '}{self.form} {self.place}"


@functools.lru_cache(maxsize=8)
def control(cfg: Config) -> Edits | None:
    """The control of the list, with every place of the model; None for a model without layers."""
    if not cfg.n_layers:
        return None
    kinds = {
        name: Edit(form.label, form.sentence, places(name, cfg))
        for name, form in FORMS.items()
        if form.site != "mlp_out" or not cfg.attn_only
    }
    return Edits(kinds, label="Interventions", most=MOST)


@functools.lru_cache(maxsize=64)
def places(form: str, cfg: Config) -> Mapping[str, str]:
    """Where a kind of intervention can be made, as it is written: the words for it."""
    what = FORMS[form]
    if what.place == "from":
        later = {str(layer): f"layers {layer} to {cfg.n_layers - 1}" for layer in range(1, cfg.n_layers - 1)}
        last = {str(cfg.n_layers - 1): f"layer {cfg.n_layers - 1}"} if cfg.n_layers > 1 else {}
        return {"0": "all layers", **later, **last}
    if what.place == "layer":
        return {str(layer): f"layer {layer}" for layer in range(cfg.n_layers)}
    return {
        f"{layer}.{head}": head_name(layer, head) + _shared(what.site, layer, head, cfg)
        for layer in range(cfg.n_layers)
        for head in range(cfg.n_heads)
    }


def parse(wire: str, cfg: Config) -> Intervention:
    """Read one intervention.

    Raises ValueError, in words for the reader, when it is none, or its head or layer is not in the model.
    """
    words = wire.split() if isinstance(wire, str) else []
    on = words[:1] != [OFF]
    words = words if on else words[1:]
    at = words.pop() if words and re.fullmatch(r"[0-9]\S*", words[-1]) else ""
    form = " ".join(words)
    if form not in FORMS:
        raise ValueError(f"{_shown(wire)} is no intervention; expected one such as zero 0.0, patch k 1.1 or freeze 0.")
    if FORMS[form].place == "head":
        return Intervention(form, *_head(wire, at, cfg), on)
    return Intervention(form, _layer(wire, form, at, cfg), None, on)


def parse_all(wires: Iterable[str], cfg: Config) -> tuple[Intervention, ...]:
    """Read a list of interventions, in its order. Raises ValueError as `parse`, and when there are too many."""
    listed = tuple(wires)
    if len(listed) > MOST:
        raise ValueError(f"At most {MOST} interventions fit; these are {len(listed)}: remove {len(listed) - MOST}.")
    return tuple(parse(wire, cfg) for wire in listed)


def usable(wire: object, cfg: Config) -> list[str]:
    """What can be used of the list's wire value, as the control reads it."""
    edits, kept = control(cfg), list[str]()
    if edits is None or not isinstance(wire, list):
        return kept
    for item in wire:
        with suppress(ValueError):
            kept = list(edits.parse([*kept, str(item)]))
    return kept


def sentence(one: Intervention, cfg: Config) -> str:
    """Say what it does, as an order; other heads that share its keys or values are named."""
    return FORMS[one.form].sentence.format(place=places(one.form, cfg)[one.place])


def _shared(site: str, layer: int, head: int, cfg: Config) -> str:
    group = key_value_head(cfg, head)
    others = [n for n in range(cfg.n_heads) if key_value_head(cfg, n) == group and n != head]
    if site not in ("k", "v") or not others:
        return ""
    return f" (shared with {' and '.join(head_name(layer, n) for n in others)})"


def _head(wire: str, at: str, cfg: Config) -> tuple[int, int]:
    found = re.fullmatch(rf"({_NUMBER})\.({_NUMBER})", at)
    if found is None:
        raise ValueError(f"{_shown(wire)} needs a head, written as layer and head: 0.1 is L0H1.")
    layer, head = int(found[1]), int(found[2])
    if layer >= cfg.n_layers or head >= cfg.n_heads:
        raise ValueError(f"{_shown(wire)}: there is no head {at} in this model; {_has(cfg, heads=True)}.")
    return layer, head


def _layer(wire: str, form: str, at: str, cfg: Config) -> int:
    if FORMS[form].site == "mlp_out" and cfg.attn_only:
        raise ValueError(f"{_shown(wire)}: this model has no MLPs, only attention; remove this one.")
    if re.fullmatch(_NUMBER, at) is None:
        raise ValueError(f"{_shown(wire)} needs a layer, as {form} 0.")
    if int(at) >= cfg.n_layers:
        raise ValueError(f"{_shown(wire)}: there is no layer {at} in this model; {_has(cfg, heads=False)}.")
    return int(at)


def _has(cfg: Config, heads: bool) -> str:
    if not cfg.n_layers:
        return "it has none"
    last = f"{cfg.n_layers - 1}.{cfg.n_heads - 1}" if heads else f"{cfg.n_layers - 1}"
    return f"it has {'0.0' if heads else '0'} to {last}"


def _shown(wire: object) -> str:
    return quoted(wire) if isinstance(wire, str) else f"{wire!r:.40}"
