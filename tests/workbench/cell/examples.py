"""The code that the cell offers, read from the script that holds it."""

import re
from pathlib import Path

import circuit_explainer

SCRIPT = Path(circuit_explainer.__file__).parent / "web" / "js" / "workbench" / "cell" / "examples.js"


def examples() -> dict[str, str]:
    """The code of each example by its label, that of the start under "first"."""
    text = SCRIPT.read_text(encoding="utf-8")
    first = re.findall(r"FIRST = `([^`]+)`", text)
    others = re.findall(r"label: '([^']+)',\s+code: `([^`]+)`", text)
    return {"first": first[0], **dict(others)}
