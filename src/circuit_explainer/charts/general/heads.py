"""All heads of a model at once: small multiples, layers from the bottom up, heads from left to right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from circuit_explainer.charts.chart import Array, Chart, Figure, Table, layout, typed
from circuit_explainer.charts.general.attention import HOVER, check, masked, named, strongest
from circuit_explainer.charts.labels import SENTENCE_WIDTH, numbered, plotly_text, quoted, shortened, ticks

READING = "How to read it: each small chart is one head. Rows ask, columns answer. The bottom row of charts is layer 0."
GAP = 0.06
MARGIN = {"l": 8, "r": 8, "t": 8, "b": 8}


def heads(patterns: Array, tokens: Sequence[str], names: Mapping[tuple[int, int], str] | None = None) -> Chart:
    """Return the grid of all heads.

    `patterns` is [layer, head, query, key]; `names` gives words to stand beside a head's name, such as
    {(0, 1): "previous token"}. Raises ValueError when the sizes do not agree.
    """
    if patterns.ndim != 4:
        raise ValueError(f"patterns must be [layer, head, query, key]. Got {patterns.ndim} axes.")
    check(patterns[0, 0], tokens)
    labels = numbered(tokens)
    sentences = []
    for layer, head in np.ndindex(*patterns.shape[:2]):
        row = patterns[layer, head, -1]
        answers = strongest(row)
        each = " each" if len(answers) > 1 else ""
        where = named(answers, labels, len(labels) - 1)
        sentences.append(f"in {head_name(layer, head)} at {where} ({row[answers[0]]:.2f}{each})")
    return Chart(
        _figure(patterns, labels, names or {}),
        f"The last token, {quoted(labels[-1])}, looks most {', '.join(sentences)}.",
        table(patterns, labels, names or {}),
        READING,
    )


def table(patterns: Array, labels: Sequence[str], names: Mapping[tuple[int, int], str]) -> Table:
    """Return every weight: a row for each pair of tokens, so that no cell is empty, and a column for each head."""
    weights = np.moveaxis(patterns, (0, 1), (2, 3)).reshape(len(labels), len(labels), -1).tolist()
    short = [shortened(label, SENTENCE_WIDTH) for label in labels]
    rows = tuple(
        (f"{short[i]} looks at {short[j] if j < i else 'itself'}", *weights[i][j])
        for i in range(len(labels))
        for j in range(i + 1)
    )
    columns = (head_name(*at) + (f" ({names[at]})" if at in names else "") for at in np.ndindex(*patterns.shape[:2]))
    return Table("Attention of each head from one token to another", ("Pair of tokens", *columns), rows)


def head_name(layer: int, head: int) -> str:
    """Return the head's name as TransformerLens writes it: L0H1."""
    return f"L{layer}H{head}"


def _figure(patterns: Array, labels: Sequence[str], names: Mapping[tuple[int, int], str]) -> Figure:
    n_layers, n_heads = patterns.shape[:2]
    edge = [-0.5, len(labels) - 0.5]
    data, annotations, axes = [], [], {}
    for index, (layer, head) in enumerate(np.ndindex(n_layers, n_heads)):
        key = str(index + 1) if index else ""
        x, y = span(head, n_heads), span(layer, n_layers, top=0.1)
        data.append(
            {
                "type": "heatmap",
                "z": typed(masked(patterns[layer, head])),
                "zmin": 0,
                "zmax": 1,
                "xaxis": f"x{key}",
                "yaxis": f"y{key}",
                "showscale": False,
                "hoverongaps": False,
                "hovertemplate": f"{head_name(layer, head)}: {HOVER}<extra></extra>",
            }
        )
        hidden = {"showticklabels": False, "ticks": ""}
        axes[f"xaxis{key}"] = ticks(labels, range=edge, domain=x, anchor=f"y{key}", **hidden)
        axes[f"yaxis{key}"] = ticks(labels, range=edge[::-1], domain=y, anchor=f"x{key}", **hidden)
        name = names.get((layer, head))
        annotations.append(caption(head_name(layer, head) + (f" · {plotly_text(name)}" if name else ""), x[0], y[1]))
    return {"data": data, "layout": layout(annotations=annotations, margin=MARGIN, **axes)}


def caption(text: str, x: float, y: float) -> Figure:
    """Return the annotation that names a small chart, above its left end."""
    where = {"xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "bottom"}
    return {"text": text, "x": x, "y": y, "showarrow": False, **where}


def span(index: int, count: int, top: float = 0.0, gap: float = GAP) -> list[float]:
    """Return the share of the axis that item `index` of `count` takes, with room above it for its name."""
    size = (1 - gap * (count - 1)) / count
    start = index * (size + gap)
    return [start, start + size * (1 - top)]
