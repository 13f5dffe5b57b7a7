"""Composition scores beside their use: what a score says of a pair of heads, and what a cut between the two costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from circuit_explainer.charts.chart import Array, Chart, Figure, Table
from circuit_explainer.charts.general.points import points
from circuit_explainer.charts.labels import plotly_text, signed

READING = (
    "How to read it: each point is an earlier head, and one input of the later head. The further right, the higher its "
    "score. The further up, the more the cut costs."
)
SCORE, COST = "score above the baseline", "induction score lost by the cut"


# A pair below the baseline counts as used where its cut costs this much of the induction score.
USED = 0.1
Pair = tuple[str, int]


def score_use(
    above: Mapping[str, Array], without: Mapping[str, Array], names: Sequence[str], clean: float, later: str
) -> Chart:
    """Return a point for each earlier head and each input of a later head.

    `above` gives the composition scores [n] above their baseline by the name of the input, such as "keys", and
    `without` the later head's induction score [n] when that input misses what the earlier head writes; `names` are the
    n earlier heads, `clean` the later head's induction score in the whole model and `later` its name. The points with
    the highest score and with the costliest cut are named, and so is one below the baseline that is used all the same.
    Raises ValueError when the sizes do not agree.
    """
    if list(above) != list(without):
        raise ValueError(f"above and without must have the same inputs. Got {list(above)} and {list(without)}.")
    for through, values in (*above.items(), *without.items()):
        if values.shape != (len(names),):
            raise ValueError(f"{through} must have shape ({len(names)},). Got {values.shape}.")
    pairs = [(through, n) for through in above for n in range(len(names))]
    score = {(through, n): float(above[through][n]) for through, n in pairs}
    left = {(through, n): float(without[through][n]) for through, n in pairs}
    called = {(through, n): f"{names[n]}, {through}" for through, n in pairs}
    highest, costliest = max(pairs, key=score.__getitem__), min(pairs, key=left.__getitem__)
    low = min((pair for pair in pairs if score[pair] < 0), key=left.__getitem__, default=None)
    marked = [highest, costliest, *([low] if low and clean - left[low] >= USED else [])]
    chart = points(
        {through: (above[through], clean - without[through]) for through in above},
        x_title=SCORE,
        y_title=COST,
        summary=_told(marked, score, left, names, clean, later),
        reading=READING,
        labels={through: [called[through, n] for n in range(len(names))] for through in above},
    )
    chart.figure["layout"]["annotations"] = [
        _named(called[pair], score[pair], clean - left[pair]) for pair in dict.fromkeys(marked)
    ]
    # Names stand centred above their points: room for half of one on either side.
    side = max((max(score.values()) - min(score.values())) * 0.3, 1e-3)
    chart.figure["layout"]["xaxis"] |= {"range": [min(score.values()) - side, max(score.values()) + side]}
    chart.figure["layout"]["yaxis"] |= {"range": [-0.08, 1.08]}
    rows = tuple((called[pair], score[pair], clean, left[pair]) for pair in pairs)
    table = Table(f"Scores, and cuts into {later}", ("Earlier head, input", SCORE, "uncut", "cut"), rows)
    return replace(chart, table=table)


def _told(
    marked: Sequence[Pair],
    score: Mapping[Pair, float],
    left: Mapping[Pair, float],
    names: Sequence[str],
    clean: float,
    later: str,
) -> str:
    who = [f"{names[n]} by the {through}" for through, n in marked]
    plus = [signed(score[pair]) for pair in marked]
    cost = [f"from {clean:.2f} to {left[pair]:.2f}" for pair in marked]
    if marked[0] == marked[1]:
        told = f"{who[0]} has the highest score, {plus[0]}, and its cut costs {later} most: {cost[0]}."
    else:
        told = f"{who[0]} has the highest score, {plus[0]}: its cut takes the induction score of {later} {cost[0]}. "
        told += f"The cut that costs most is that of {who[1]}, {plus[1]}: {cost[1]}."
    if len(marked) > 2:
        told += f" {who[2]} lies below the baseline, and its cut costs too: {cost[2]}."
    return told


def _named(text: str, x: float, y: float) -> Figure:
    return {"text": plotly_text(text), "x": x, "y": y, "yanchor": "bottom", "yshift": 8, "showarrow": False}
