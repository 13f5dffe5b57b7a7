"""The lessons as Markdown, for the tests that read them."""

import re
from pathlib import Path
from typing import Any, NamedTuple

import yaml

DOCS = Path(__file__).parents[2] / "docs"
FENCE = re.compile(r"^```(\w+).*?^```$", re.DOTALL | re.MULTILINE)


class Lesson(NamedTuple):
    """One lesson: its file's name, its front matter, and its steps as (heading, Markdown)."""

    slug: str
    meta: dict[str, Any]
    steps: list[tuple[str, str]]


def read(path: Path) -> Lesson:
    _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
    # A line of code may begin as a heading does.
    hidden = FENCE.sub(lambda fence: fence[0].replace("\n#", "\n\0"), body)
    parts = re.split(r"^## (.+)$", hidden, flags=re.MULTILINE)
    return Lesson(path.stem, yaml.safe_load(front), list(zip(parts[1::2], parts[2::2], strict=True)))


def lessons() -> list[Lesson]:
    return [read(path) for path in sorted((DOCS / "lessons").glob("*.md")) if path.stem != "index"]


def fences(markdown: str, name: str) -> list[str]:
    return [fence[0] for fence in FENCE.finditer(markdown) if fence[1] == name]


def prose(markdown: str) -> str:
    """What is read as sentences: no code, questions, formulas or tables; links by their text, values as a number."""
    text = FENCE.sub("", markdown)
    text = re.sub(r"`#!value [^`]+`", "1", text)
    text = re.sub(r"`#!(?:term|math) ([^`]+)`", r"\1", text)
    text = re.sub(r"\[([^\]]+)\]\([^)]+\)(\{[^}]*\})?", r"\1", text)
    lines = [line for line in text.splitlines() if not line.startswith(("|", "{", ":::"))]
    return re.sub(r"[*`>]|^- ", "", "\n".join(lines), flags=re.MULTILINE).strip()
