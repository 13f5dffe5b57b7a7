"""Texts that would run, break out, turn a line, hide or overflow, wherever they are not kept as text.

What runs of them would set `window.hostile`; what becomes an element of them carries `data-hostile`.
"""

from __future__ import annotations

import json
from pathlib import Path

FAMILIES: dict[str, list[str]] = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="ascii"))
HUGE = (
    "x" * 100_000, "x " * 60_000, "<b>" * 40_000, "\u202e" * 100_000, "a" + "\u0301" * 100_000, "👩‍👩‍👧" * 20_000,
    "&amp;" * 25_000, "%" * 100_000, "\x00" * 100_000, "漢" * 100_000, "9" * 100_000, "\n" * 100_000,
)  # fmt: skip
STRINGS = tuple(dict.fromkeys([*(text for family in FAMILIES.values() for text in family), *HUGE]))
# One of each kind that a control may treat in a way of its own.
FEW = (
    FAMILIES["html"][1], FAMILIES["breakouts"][7], "<b>x</b> &lt;b&gt; %{x} $y$", "{{7*7}} ${7} $& \\1", "=cmd|'x'!A0",
    "\u202eabc\u2067", "a\x00\ud800b", "__proto__", "\u200b", "9" * 5000, "a" + "\u0301" * 60 + " 👩‍👩‍👧 שלום",
    "x" * 100_000,
)  # fmt: skip
