"""What a token looks at, beside what it gets from there: shares, the size of what is handed over, and their product."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from circuit_explainer.charts.chart import Array, Chart
from circuit_explainer.charts.general.cells import cells
from circuit_explainer.charts.labels import amount, numbered, quoted

READING = (
    "How to read it: share is the attention that the last token gives to the row’s token. Size is the length of what "
    "that token hands over. Moved is one times the other. Each column has its own scale of colours."
)


def weighted_attention(share: Array, size: Array, moved: Array, tokens: Sequence[str]) -> Chart:
    """Return the attention of the last token, beside its value-weighted attention.

    `share`, `size` and `moved` are [key]: the last row of a head's pattern, the lengths of `v @ W_O`, and
    `circuits.value_weighted_attention`'s last row; `tokens` are the labels of the positions. Raises ValueError when
    the sizes do not agree.
    """
    labels = numbered(tokens)
    values = np.column_stack([share, size, moved])
    looked, most = int(share.argmax()), int(moved.argmax())
    told = (
        f"{quoted(labels[-1])} gives {share[looked]:.2f} to {quoted(labels[looked])}: {amount(float(share[looked]))}. "
    )
    if looked == most:
        told += f"That moves {moved[most]:.2f}, more than any other share."
    else:
        told += f"That moves {moved[looked]:.2f}. The {share[most]:.2f} for {quoted(labels[most])} moves more: "
        told += f"{moved[most]:.2f}."
    return cells(
        values, labels, ["share", "size", "moved"], corner="token", quantity="Attention, and what it moves",
        summary=told, reading=READING, answers=[(looked, 0), (most, 2)], by_column=True,
    )  # fmt: skip
