"""Tokens as labels: white space made visible, repeats numbered, markup defused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

VISIBLE = str.maketrans({" ": "␣", "\n": "⏎", "\t": "⇥"})
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
MAX_CHARS = 14


def numbered(tokens: Sequence[str]) -> list[str]:
    """Return the tokens with white space visible and an ordinal on each that occurs more than once: cat₁ cat₂."""
    shown = [token.translate(VISIBLE) for token in tokens]
    totals, seen, labels = Counter(shown), Counter[str](), []
    for token in shown:
        seen[token] += 1
        labels.append(f"{token}{str(seen[token]).translate(SUBSCRIPTS)}" if totals[token] > 1 else token)
    return labels


def quoted(label: str) -> str:
    """Return a label in quotation marks, for a sentence."""
    return f"“{label}”"


def shortened(label: str, limit: int = MAX_CHARS) -> str:
    """Return a label of at most `limit` characters that keeps its ordinal."""
    if len(label) <= limit:
        return label
    stem = label.rstrip("₀₁₂₃₄₅₆₇₈₉")
    ordinal = label[len(stem) :]
    return f"{stem[: limit - len(ordinal) - 1]}…{ordinal}"


def plotly_text(label: str) -> str:
    """Return a label that Plotly shows as it is: its labels take some HTML, a reader's text must not."""
    return label.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def ticks(labels: Sequence[str], **parts: object) -> dict[str, object]:
    """Return a numeric axis with one tick for each label; a category axis would merge equal tokens."""
    return {
        "type": "linear",
        "tickmode": "array",
        "tickvals": list(range(len(labels))),
        "ticktext": [plotly_text(shortened(label)) for label in labels],
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        **parts,
    }


def margin(labels: Sequence[str], per_char: float = 7.6) -> int:
    """Return the room in pixels that the longest label needs at the chart's text size of 13 px in mono."""
    return round(per_char * max((len(shortened(label)) for label in labels), default=0)) + 12


def amount(weight: float) -> str:
    """Return an attention weight in words, judged as it is printed, with two decimals."""
    words = (
        (1.0, "all of its attention"),
        (0.9, "almost all of its attention"),
        (0.6, "most of its attention"),
        (0.4, "about half of its attention"),
        (0.2, "some of its attention"),
    )
    return next((text for least, text in words if round(weight, 2) >= least), "little more than any other token")
