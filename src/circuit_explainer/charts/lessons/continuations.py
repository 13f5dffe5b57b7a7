"""A text and how a model goes on with it, in one run or another."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from circuit_explainer.charts.chart import Chart, Table
from circuit_explainer.charts.labels import listed, quoted, visible
from circuit_explainer.charts.picture import picture

READING = "How to read it: the text is yours up to the box. What stands in the box the model wrote."


def continuations(text: str, written: Mapping[str, str]) -> Chart:
    """Return a line for each way of running the model: the reader's `text`, and what was `written` after it.

    The first way is drawn as the clean run, the others as changed. Raises ValueError where there is none.
    """
    if not written:
        raise ValueError("written must hold at least one continuation.")
    lines = "".join(
        f'<div class="{"changed" if n else "clean"}"><dt>{escape(how)}</dt>'
        f"<dd>{escape(text)}<ins>{escape(_shown(given))}</ins></dd></div>"
        for n, (how, given) in enumerate(written.items())
    )
    said = [f"{how} it goes on with {quoted(_shown(given))}" for how, given in written.items()]
    table = Table("What the model wrote", ("Run", "Text"), tuple((how, _shown(g)) for how, g in written.items()))
    summary = f"With {listed(said)}." if len(said) == 1 else f"With {said[0]}; {listed(said[1:])}."
    return picture(f'<dl class="continuations">{lines}</dl>', summary=summary, table=table, reading=READING)


def _shown(text: str) -> str:
    return "".join(visible(char) for char in text)
