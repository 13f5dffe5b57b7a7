"""The logits of a model as a sum over paths, each of which can be switched off."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from circuit_explainer.charts.chart import Chart, Table
from circuit_explainer.charts.labels import quoted, shortened, signed, visible
from circuit_explainer.charts.picture import part, picture
from circuit_explainer.diagrams.paths import EDGE, WIDTH, path
from circuit_explainer.diagrams.paths import paths as drawing

READING = (
    "How to read it: each column is one path from the token and its position below to the logit above. "
    "The number is what it adds. Press a column, or its box above, to switch the path off or on."
)
GAP = 3.0
DIRECT, THEN = "direct", " → "


def paths(adds: Mapping[str, float], on: Collection[str], logit: float, token: str, control: str = "on") -> Chart:
    """Return the picture of all paths, the sum of those that are on, and the logit of the model.

    `adds` gives what each path adds to the logit of `token`, by its name: "direct", heads such as "L0H1", and several
    in a row joined by " → ", as in "L0 → L1H0". `on` are the names of those that are on, `logit` is the model's, and
    `control` the control of several that they are options of. Raises ValueError for a name that is not in `adds`.
    """
    unknown = [name for name in on if name not in adds]
    if unknown:
        raise ValueError(f"on must hold names of paths: {', '.join(adds)}. Got {', '.join(unknown)}.")
    total, word = sum(adds[name] for name in on), quoted(visible(token))
    width = (WIDTH + GAP) / len(adds) - GAP
    columns = [
        part(
            path(EDGE + n * (width + GAP), width, _heads(name), signed(value), name in on),
            control, name, pressed=name in on,
        )
        for n, (name, value) in enumerate(adds.items())
    ]  # fmt: skip
    if abs(total - logit) < 0.005:
        told = f"The paths that are on add up to {_plain(total)}. That is the model’s logit of {word}."
    else:
        told = f"The paths that are on add up to {_plain(total)}. The model’s logit of {word} is {_plain(logit)}; "
        told += f"{signed(logit - total)} is missing."
    above = f"{shortened(visible(token))}: {_plain(total)} of {_plain(logit)}"
    rows = (
        *((name, float(value), "on" if name in on else "off") for name, value in adds.items()),
        ("sum of those that are on", float(total), None), ("the model’s logit", float(logit), None),
    )  # fmt: skip
    table = Table(f"What each path adds to the logit of {word}", ("Path", "Logits", "State"), rows)
    return picture(drawing(columns, above, "token and position", told), summary=told, table=table, reading=READING)


def _heads(name: str) -> list[str]:
    return [] if name == DIRECT else name.split(THEN)


def _plain(value: float) -> str:
    return signed(value).removeprefix("+")
