"""What the site may cost a reader, in budget.json: tests hold bytes and requests, `make bench` aims at the targets."""

import gzip
import json
from pathlib import Path
from typing import Any

from circuit_explainer.build.serve import COMPRESSED

BUDGET: dict[str, dict[str, float]] = json.loads(Path(__file__).with_name("budget.json").read_text(encoding="utf-8"))


def wire(path: Path) -> int:
    """The bytes of a file as a static host sends it."""
    data = path.read_bytes()
    return len(gzip.compress(data, 6, mtime=0)) if path.suffix in COMPRESSED else len(data)


def over(part: str, found: dict[str, float]) -> dict[str, Any]:
    """Return what exceeds the budget: found, and allowed."""
    return {name: (value, BUDGET[part][name]) for name, value in found.items() if value > BUDGET[part][name]}
