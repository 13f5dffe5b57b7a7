"""One token's vector in the residual stream: what each part of the model adds to it, and what it comes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from circuit_explainer.charts.chart import Array, Chart
from circuit_explainer.charts.general.vectors import vectors
from circuit_explainer.charts.labels import listed, numbered, quoted, signed

PARTS_READING = (
    "How to read it: each row but the last is what one part of the model writes. The last row is their sum, component "
    "by component: the stream at the end."
)
SUMS_READING = (
    "How to read it: each row is the stream after one more part has written to it. The last row is the stream at the "
    "end."
)
END = "stream at the end"
# A component that stands for something is told where it is this far from zero.
TOLD = 0.5
# Below this, in parts of the longest addition, a difference is what float32 rounds away.
EXACT = 1e-5


def stream(
    parts: Mapping[str, Array],
    end: Array,
    tokens: Sequence[str],
    at: int,
    names: Sequence[str] = (),
    *,
    running: bool = False,
) -> Chart:
    """Return what the parts of a model add to the stream of one token, above what they come to.

    `parts` gives up to four vectors [d_model] by the part that writes them, in their order; `end` [d_model] is the
    stream of the run after all of them; `tokens` are the labels of the text and `at` the position of this one. `names`
    says what each component stands for, where it stands for anything. `running` draws the stream after each part
    instead. Raises ValueError when the parts do not add up to `end`: one is missing.
    """
    sums = np.cumsum(list(parts.values()), axis=0)
    longest = max(float(np.abs(part).max()) for part in parts.values())
    missed = float(np.abs(sums[-1] - end).max())
    if missed > EXACT * max(longest, 1.0):
        raise ValueError(f"The parts must add up to the stream at the end. They miss it by {missed:.3g}.")
    rows = dict(parts)
    if running:
        rows = {
            name if not n else f"after {name}": total for n, (name, total) in enumerate(zip(parts, sums, strict=True))
        }
    told = [_said(name, part, names) for name, part in parts.items()]
    exactly = "but for rounding" if missed else "exactly"
    summary = f"What is written for {quoted(numbered(tokens)[at])}: {'; '.join(told)}. The sum is the {END}, {exactly}."
    reading = SUMS_READING if running else PARTS_READING
    return vectors({**rows, **({} if running else {END: end})}, names, summary=summary, reading=reading)


def _said(name: str, part: Array, names: Sequence[str]) -> str:
    """Return what a part writes: the components that stand for something, or how long its vector is."""
    if not names:
        length = float(np.linalg.norm(part))
        return f"{name} {length:.2f} long" if length else f"{name} nothing"
    written = [
        f"{quoted(names[at])} ({signed(float(part[at]))})" for at in np.flatnonzero(np.abs(part) > TOLD).tolist()
    ]
    return f"{name} {listed(written) if written else 'nothing'}"
