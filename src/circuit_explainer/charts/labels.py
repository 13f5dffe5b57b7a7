"""Tokens as labels: white space made visible, repeats numbered, long ones cut, markup defused."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

VISIBLE = str.maketrans({" ": "␣", "\n": "⏎", "\t": "⇥"})
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
# An ordinal has at most three digits; a longer row of subscripts is a reader's word.
ORDINAL = re.compile(r"[₀-₉]{0,3}\Z")
# Widths are in columns: a Latin letter in mono takes one.
CHART_WIDTH, SENTENCE_WIDTH = 14, 24
JOINER, AS_EMOJI = "\u200d", "\ufe0f"


def visible(token: str) -> str:
    """Return a token with its white space shown, and with a circle under a mark that has no letter."""
    shown = token.translate(VISIBLE)
    return f"◌{shown}" if unicodedata.category(shown[:1] or "x")[0] == "M" else shown


def numbered(tokens: Sequence[str]) -> list[str]:
    """Return the tokens made visible, with an ordinal on each that occurs more than once: cat₁ cat₂."""
    shown = [visible(token) for token in tokens]
    totals, seen, labels = Counter(shown), Counter[str](), []
    for token in shown:
        seen[token] += 1
        labels.append(f"{token}{str(seen[token]).translate(SUBSCRIPTS)}" if totals[token] > 1 else token)
    return labels


def quoted(label: str) -> str:
    """Return a label in quotation marks, for a sentence; a very long one is cut."""
    word = shortened(label, SENTENCE_WIDTH)
    # Without isolation a number after a word that runs from right to left would move to the word's other side.
    if any(unicodedata.bidirectional(char) in ("R", "AL", "AN") for char in word):
        word = f"\u2068{word}\u2069"
    return f"“{word}”"


def listed(items: Sequence[str]) -> str:
    """Return items as a sentence lists them: a, b and c."""
    return " and ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)


def width(text: str) -> int:
    """Return the columns that a text takes in mono: 2 for a wide character (Chinese, emoji), 0 for a mark above.

    After Unicode's East Asian Width (UAX #11). Emoji that are joined into one count each: too wide, never too narrow.
    """
    return len(text) if text.isascii() else sum(map(_columns, text))


@lru_cache(4096)
def _columns(char: str) -> int:
    if char != AS_EMOJI and unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def shortened(label: str, limit: int = CHART_WIDTH) -> str:
    """Return a label of at most `limit` columns that keeps its ordinal; letters keep their marks."""
    if width(label) <= limit:
        return label
    ordinal = ORDINAL.findall(label)[0]
    kept = ""
    for letter in _letters(label.removesuffix(ordinal)):
        if width(kept + letter + "…" + ordinal) > limit:
            break
        kept += letter
    return f"{kept}…{ordinal}"


def _letters(text: str) -> list[str]:
    """Split a text into letters with their marks, and into emoji with what is joined to them."""
    letters: list[str] = []
    for char in text:
        # U+1F3FB to U+1F3FF are skin tones.
        belongs = unicodedata.category(char) in ("Mn", "Mc", "Me", "Cf") or "\U0001f3fb" <= char <= "\U0001f3ff"
        if letters and (belongs or letters[-1].endswith(JOINER)):
            letters[-1] += char
        else:
            letters.append(char)
    return letters


def plotly_text(label: str) -> str:
    """Return a label that Plotly shows as it is: its labels take some HTML, a reader's text must not."""
    return label.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def hover_text(label: str) -> str:
    """Return a label that may stand in a hovertemplate: Plotly puts numbers in where a brace follows a percent sign."""
    return plotly_text(label).replace("%{", "%&#123;")


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


def margin(labels: Sequence[str], per_column: float = 8.2) -> int:
    """Return the room in pixels that the longest tick label needs; a column of the chart's 13 px mono is 8.2 px.

    `labels` are as `ticks` takes them, neither cut nor escaped.
    """
    return round(per_column * max((width(shortened(label)) for label in labels), default=0)) + 12


def amount(weight: float) -> str:
    """Return an attention weight in words, judged as it is printed, with two decimals."""
    words = (
        (1.0, "all of its attention"),
        (0.9, "almost all of its attention"),
        (0.6, "most of its attention"),
        (0.4, "about half of its attention"),
        (0.2, "some of its attention"),
    )
    return next((text for least, text in words if round(weight, 2) >= least), "less than a fifth of its attention")


def signed(value: float) -> str:
    """Return a number with two decimals and its sign, the true minus; what prints as zero has none."""
    text = f"{value:+.2f}"
    return "0.00" if text[1:] == "0.00" else text.replace("-", "−")
