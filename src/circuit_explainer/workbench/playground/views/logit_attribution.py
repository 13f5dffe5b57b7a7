"""Logit attribution: what each part of the model adds to one token's logit.

The final LayerNorm's scale is frozen from the clean run, in the intervened run too: so the parts of both runs can be
compared, and what an intervention does to the scale stands in a row of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from circuit_explainer import charts
from circuit_explainer.charts import Chart, Table
from circuit_explainer.charts.general.bars import CONTRIBUTIONS_READING
from circuit_explainer.charts.labels import quoted, signed
from circuit_explainer.circuits import Attribution
from circuit_explainer.circuits import logit_attribution as attribution
from circuit_explainer.core import ActivationCache, Transformer
from circuit_explainer.core.arrays import Array
from circuit_explainer.core.hooks import NamesFilter
from circuit_explainer.exhibits import Control
from circuit_explainer.exhibits.controls import Wire
from circuit_explainer.workbench.playground.runs import Runs
from circuit_explainer.workbench.playground.views.view import View
from circuit_explainer.workbench.playground.views.words import (
    LIKELIEST,
    at,
    chosen,
    chosen_code,
    position_control,
    token_control,
    token_names,
)

# Bars that a chart has room for; the parts that add least stand in one, the table has them all.
BARS, PAIRS = 16, 10
# A part that the runs agree on to this, in logits, is no change: float32 sums in another order.
SAME = 1e-3
READS = ("hook_embed", "hook_pos_embed", "hook_z", "hook_mlp_out", "hook_resid_pre", "hook_resid_post")
READING = (
    "How to read it: each part has two bars, what it adds to the logit in the clean run (solid) and in the intervened "
    "one (hatched). Bars to the right push the token up."
)
SCALE = " The scale of the normalization is that of the clean run; what its change adds is a part of its own."


def controls(model: Transformer, wires: Mapping[str, Wire]) -> dict[str, Control]:
    """Which token's logit, and after which token of the text."""
    return {"token": token_control(model, wires), **position_control(model, wires)}


def needed(model: Transformer, values: Mapping[str, Any]) -> NamesFilter:
    """What is added to the stream, the stream itself (a patch shows there) and the final scale."""
    return lambda name: name.endswith(READS) or name == "ln_final.hook_scale"


def parts(runs: Runs, logits: Array, cache: ActivationCache, token: str, position: int) -> Attribution:
    """The parts of one run, `values [n]`, under the scale of the clean one; `logit []` is the run's own."""
    frozen = {name: cache[name] for name in cache} | {"unembed.hook_out": logits}
    if "ln_final.hook_scale" in runs.clean:
        frozen["ln_final.hook_scale"] = runs.clean["ln_final.hook_scale"]
    found = attribution(runs.model, ActivationCache(frozen, runs.model), chosen(runs, token, position), position)
    kept = [n for n, label in enumerate(found.labels) if runs.model.cfg.n_layers or label != "output biases"]
    return Attribution(tuple(found.labels[n] for n in kept), found.values[0, kept], found.logit[0])


def numbers(
    runs: Runs, logits: Array, cache: ActivationCache, token: str = LIKELIEST, position: int = -1
) -> Array:  # -> [n]
    """What each part adds, in logits."""
    return parts(runs, logits, cache, token, position).values


def patches(runs: Runs, token: str, position: int) -> dict[str, float]:
    """What the streams that were put in add, each less what it took the place of; only those that there are."""
    cache, cfg = runs.cache, runs.model.cfg
    assert cache is not None
    found = {}
    for layer in range(cfg.n_layers):
        before = cache["resid_post", layer - 1] if layer else cache["embed"]
        if not layer and cfg.positional_embedding_type == "standard":
            before = before + cache["pos_embed"]
        change = cache["resid_pre", layer] - before
        if np.abs(change).max() > 0:
            # The embedding's part is linear in the embedding: this is that part of the change.
            swapped = ActivationCache({name: cache[name] for name in cache} | {"hook_embed": change}, runs.model)
            assert runs.logits is not None
            found[f"patch at L{layer}"] = float(parts(runs, runs.logits, swapped, token, position).values[0])
    return found


def draw(runs: Runs, token: str = LIKELIEST, position: int = -1) -> Chart:
    """The parts as bars, those of both runs where there are two."""
    clean = parts(runs, runs.clean_logits, runs.clean, token, position)
    word = quoted(token_names(runs, [chosen(runs, token, position)])[0])
    where = f"the logit of {word} after {at(runs, position)}"
    if runs.cache is None or runs.logits is None:
        return _one(clean, where)
    changed = parts(runs, runs.logits, runs.cache, token, position)
    extra = patches(runs, token, position)
    logit = float(changed.logit)
    rest = logit - float(changed.values.sum()) - sum(extra.values())
    if abs(rest) >= SAME * max(1.0, abs(logit)):
        extra["norm’s scale"] = rest
    chart = _two(clean, changed, extra, where)
    return replace(chart, reading=READING + SCALE) if runs.model.cfg.normalization_type else chart


def _one(run: Attribution, where: str) -> Chart:
    told = f"{_begun(where)} is {signed(float(run.logit))}: {pushes(run.labels, run.values)}."
    names, (values,) = gathered(run.labels, [run.values])
    chart = charts.bars(
        values, names, quantity="logits", column="Part", summary=told, reading=CONTRIBUTIONS_READING, tokens=False
    )
    rows = zip((*run.labels, "Sum"), (*run.values.tolist(), float(run.logit)), strict=True)
    return replace(chart, table=Table(f"Parts of {where}", ("Part of the model", "Logits"), tuple(rows)))


def _two(clean: Attribution, changed: Attribution, extra: Mapping[str, float], where: str) -> Chart:
    labels = (*clean.labels, *extra)
    one = np.append(clean.values, np.zeros(len(extra)))
    two = np.append(changed.values, list(extra.values()))
    before, after = float(clean.logit), float(changed.logit)
    told = f"{_begun(where)} is {signed(before)} in the clean run and {signed(after)} in the intervened one "
    told += f"({signed(after - before)})."
    most = int(np.abs(two - one).argmax())
    if abs(two[most] - one[most]) >= SAME:
        told += f" What changes most is {labels[most]}: from {signed(float(one[most]))} to {signed(float(two[most]))}."
    names, (left, right) = gathered(labels, [one, two])
    chart = charts.compare(
        left, right, names, quantity="logits", column="Part", how="intervened", was="clean", summary=told,
        reading=READING, tokens=False,
    )  # fmt: skip
    every = zip((*labels, "Sum"), (*one.tolist(), before), (*two.tolist(), after), strict=True)
    columns = ("Part of the model", "clean", "intervened", "difference")
    return replace(chart, table=Table(f"Parts of {where}", columns, tuple((n, a, b, b - a) for n, a, b in every)))


def _begun(sentence: str) -> str:
    return f"{sentence[:1].upper()}{sentence[1:]}"


def pushes(labels: Sequence[str], values: Array) -> str:
    """What pushes the logit up and down most, in words."""
    up, down = int(values.argmax()), int(values.argmin())
    told = [f"what pushes it up most is {labels[up]} ({signed(float(values[up]))})"] if values[up] >= 0.005 else []
    if values[down] <= -0.005:
        told.append(f"what pushes it down most is {labels[down]} ({signed(float(values[down]))})")
    return "; ".join(told) or "no part of the model adds anything to it"


def gathered(labels: Sequence[str], runs: Sequence[Array]) -> tuple[list[str], list[Array]]:
    """The parts that a chart has room for, in their order, and the sum of the others; `runs` are [n] each."""
    most = BARS if len(runs) == 1 else PAIRS
    if len(labels) <= most + 1:
        return list(labels), list(runs)
    size = np.max([np.abs(run) for run in runs], axis=0)
    kept = np.sort(np.argsort(-size, kind="stable")[:most])
    return (
        [*(labels[n] for n in kept), f"{len(labels) - most} others"],
        [np.append(run[kept], run.sum() - run[kept].sum()) for run in runs],
    )


def code(model: Transformer, token: str = LIKELIEST, position: int = -1) -> list[str]:
    """The parts in TransformerLens; they sum to the logit of the clean run."""
    cfg = model.cfg
    norm, b_U = cfg.normalization_type, "model.b_U[token]"
    lines = [*chosen_code(token, position), "direction = model.W_U[:, token]"]
    if norm == "LN":
        b_U += " + model.ln_final.b @ direction"
    lines.append(f"bias = {b_U}")
    if norm in ("LN", "RMS"):
        lines.append("direction = direction * model.ln_final.w")
    if norm in ("LN", "LNPre"):
        lines.append("direction = direction - direction.mean()")
    if norm:
        lines.append(f'direction = direction / clean["ln_final.hook_scale"][0, {position}]')
    lines.append(f'parts = [cache["hook_embed"][0, {position}] @ direction]')
    if cfg.positional_embedding_type == "standard":
        lines.append(f'parts.append(cache["hook_pos_embed"][0, {position}] @ direction)')
    if cfg.n_layers:
        lines += [
            "for layer in range(model.cfg.n_layers):",
            f'    z = cache["z", layer][0, {position}]  # [head, d_head]',
            '    parts.extend(torch.einsum("he,hed,d->h", z, model.W_O[layer], direction))',
        ]
        if not cfg.attn_only:
            lines.append(f'    parts.append(cache["mlp_out", layer][0, {position}] @ direction)')
        lines.append("parts.append(model.b_O.sum(0) @ direction)")
    return [*lines, "parts.append(bias)", "result = torch.stack(parts)"]


LOGIT_ATTRIBUTION = View(
    "Logit attribution", "Predictions", ("token", "position"), controls, needed, draw, numbers, code
)
