"""Interventions that a reader lists: how each is written, and how it is said.

In the list and in a link an intervention is a few words, what is done and where: `zero 0.0` (a head), `zero mlp 1` and
`patch resid_pre 1` (a layer), `freeze` (all layers) or `freeze 1` (from a layer on). A leading `off` keeps it in the
list without effect. Patches take an activation from the run on the other prompt; means and frozen patterns come from
the clean run, the one without interventions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from circuit_explainer.circuits.heads import head_name, key_value_head
from circuit_explainer.core import Config

OFF = "off"
# More than these in a list are no experiment that a reader could follow.
MOST = 20
_NUMBER = "0|[1-9][0-9]{0,4}"


@dataclass(frozen=True)
class Form:
    """A kind of intervention: the activation it is about, and whether it wants a "head", a "layer", or "from" one on.

    `sentence` holds `{heads}` or `{layer}`.
    """

    site: str
    place: str
    sentence: str


# By the words that begin it.
FORMS = {
    "zero": Form("z", "head", "Zero the output of {heads}."),
    "mean": Form("z", "head", "Replace the output of {heads} by its mean over the text."),
    "patch q": Form("q", "head", "Take the queries of {heads} from the other prompt."),
    "patch k": Form("k", "head", "Take the keys of {heads} from the other prompt."),
    "patch v": Form("v", "head", "Take the values of {heads} from the other prompt."),
    "patch z": Form("z", "head", "Take the output of {heads} from the other prompt."),
    "patch pattern": Form("pattern", "head", "Take the attention pattern of {heads} from the other prompt."),
    "patch resid_pre": Form(
        "resid_pre", "layer", "Take the residual stream before layer {layer} from the other prompt."
    ),
    "freeze": Form("pattern", "from", "Keep the attention patterns from layer {layer} on as in the clean run."),
    "zero mlp": Form("mlp_out", "layer", "Zero the output of the MLP of layer {layer}."),
}
_FREEZE_ALL = "Keep all attention patterns as in the clean run."


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
    def wire(self) -> str:
        """How it is written; `parse` reads it."""
        place = f" {self.layer}" if self.head is None else f" {self.layer}.{self.head}"
        every = FORMS[self.form].place == "from" and self.layer == 0
        return f"{'' if self.on else f'{OFF} '}{self.form}{'' if every else place}"


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
        raise ValueError(f"{_shown(wire)} is no intervention; expected one such as zero 0.0, patch k 1.1 or freeze.")
    if FORMS[form].place == "head":
        return Intervention(form, *_head(wire, at, cfg), on)
    return Intervention(form, _layer(wire, form, at, cfg), None, on)


def parse_all(wires: Iterable[str], cfg: Config) -> tuple[Intervention, ...]:
    """Read a list of interventions, in its order. Raises ValueError as `parse`, and when there are too many."""
    listed = tuple(wires)
    if len(listed) > MOST:
        raise ValueError(f"At most {MOST} interventions fit; these are {len(listed)}: remove {len(listed) - MOST}.")
    return tuple(parse(wire, cfg) for wire in listed)


def sentence(intervention: Intervention, cfg: Config | None = None) -> str:
    """Say what it does, as an order. With the model's `cfg`, heads that share their keys or values are all named."""
    form = FORMS[intervention.form]
    if form.place == "from" and intervention.layer == 0:
        return _FREEZE_ALL
    heads = "" if intervention.head is None else _listed(touched(intervention, cfg))
    return form.sentence.format(heads=heads, layer=intervention.layer)


def touched(intervention: Intervention, cfg: Config | None) -> list[str]:
    """Names of the heads whose activation it changes: one, or all that share their keys or values with it."""
    assert intervention.head is not None
    heads = [intervention.head]
    if cfg is not None and intervention.site in ("k", "v"):
        group = key_value_head(cfg, intervention.head)
        heads = [head for head in range(cfg.n_heads) if key_value_head(cfg, head) == group]
    return [head_name(intervention.layer, head) for head in heads]


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
    if not at and FORMS[form].place == "from":
        at = "0"
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
    return f"“{wire:.40}”" if isinstance(wire, str) and wire.isprintable() else f"{wire!r:.40}"


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
