"""The induction circuit, step by step, as a run of a model did it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from circuit_explainer.charts.chart import Array, Chart, Table
from circuit_explainer.charts.general.bars import STANDS_OUT
from circuit_explainer.charts.labels import numbered, quoted, shortened, visible
from circuit_explainer.charts.picture import picture
from circuit_explainer.diagrams.induction import induction

INDUCTION_STEPS = ("1 Read the tokens", "2 Note who came before", "3 Find the note", "4 Copy the token")
"""What `induction_steps` draws."""
READING = "How to read it: the text stands at the foot, each layer above it. An arrow is information flowing upwards."
NOTHING = "nothing"


def induction_steps(
    previous: Array, found: Array, probabilities: Array, tokens: Sequence[str], words: Sequence[str], step: str
) -> Chart:
    """Return one of the four steps in which a previous-token head and an induction head go on with a text.

    `previous` and `found` are the two heads' patterns [query, key], `probabilities` [d_vocab] those of the next token;
    `tokens` are the labels of the positions, `words` those of the vocabulary; `step` is one of `INDUCTION_STEPS`.
    Raises ValueError for another step.
    """
    if step not in INDUCTION_STEPS:
        raise ValueError(f"step must be one of {', '.join(INDUCTION_STEPS)}. Got {step!r}.")
    labels = numbered(tokens)
    before, looks = previous.argmax(-1), found.argmax(-1)
    source, best = int(looks[-1]), int(probabilities.argmax())
    sure = source > 0 and probabilities[best] >= min(STANDS_OUT / len(words), 0.5)
    expected = visible(words[best]) if sure else NOTHING
    last, at, note = quoted(labels[-1]), quoted(labels[source]), quoted(labels[before[source]])
    told = (
        f"The last token, {last}, asks what comes next.",
        f"In layer 0 each token reads the one before it. {at} now carries the note {note}."
        if source
        else "In layer 0 each token reads the one before it. None of the notes says what the last token asks for.",
        f"In layer 1 the last token, {last}, looks at {at}"
        + (f", whose note is {note}." if source else ", the resting place: no note matches."),
        f"The head copies what it found. The model expects {quoted(expected)} next."
        if sure
        else "The head has found nothing to copy. No token stands out.",
    )
    number = INDUCTION_STEPS.index(step) + 1
    short = [shortened(label) for label in labels]
    drawn = induction(short, before.tolist(), source, shortened(expected), number, told[number - 1])
    rows = tuple((labels[i], labels[int(before[i])], labels[int(looks[i])]) for i in range(len(labels)))
    table = Table("What each token reads", ("Token", "in layer 0", "in layer 1"), rows)
    return picture(drawn, summary=told[number - 1], table=table, reading=READING)


def softmax(logits: Array) -> Array:
    """Return shares that add up to 1 along the last axis, for logits [..., d_vocab]."""
    shares = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(shares / shares.sum(axis=-1, keepdims=True))
