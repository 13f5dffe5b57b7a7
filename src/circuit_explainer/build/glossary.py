"""The glossary: terms and what they mean, in one file; a page that lists them, and links in the prose to each.

- term: residual stream
  also: [stream]
  means: The vector of a token that every layer reads and adds to.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from xml.etree.ElementTree import Element

import yaml

PAGE = "reference/glossary.md"
FILE = "reference/glossary.yml"
FIELDS = {"term", "means", "also", "lesson"}


@dataclass(frozen=True)
class Entry:
    """A term, other forms of it, what it means in a sentence or two, and the lesson that explains it, or none."""

    term: str
    means: str
    also: tuple[str, ...] = ()
    lesson: str | None = None

    @property
    def anchor(self) -> str:
        """The id of the term on the glossary's page."""
        return re.sub(r"[^a-z0-9]+", "-", self.term.lower()).strip("-")


def read(path: Path) -> dict[str, Entry]:
    """Return the entries by term and by each other form of it.

    Raises:
        ValueError: an entry lacks a field, has an unknown one, or a form stands there twice.
    """
    found: dict[str, Entry] = {}
    for given in yaml.safe_load(path.read_text(encoding="utf-8")):
        if not {"term", "means"} <= set(given) <= FIELDS:
            raise ValueError(f"A term has the fields {', '.join(sorted(FIELDS))}. Got {given!r:.100}.")
        entry = Entry(given["term"], given["means"], tuple(given.get("also", ())), given.get("lesson"))
        for form in (entry.term, *entry.also):
            if form.lower() in found:
                raise ValueError(f"The glossary has {form!r} twice.")
            found[form.lower()] = entry
    return found


def link(form: str, entries: Mapping[str, Entry], page: str) -> Element:
    """Return a term in the prose of `page`, a Markdown file of the docs.

    Raises:
        ValueError: the glossary lacks it.
    """
    entry = entries.get(form.lower())
    if entry is None:
        raise ValueError(f"The glossary has no term {form!r}. Add it to {FILE}.")
    address = f"{posixpath.relpath(PAGE, posixpath.dirname(page) or '.')}#{entry.anchor}"
    element = Element("a", {"class": "term", "href": address, "data-definition": entry.means})
    element.text = form
    return element


def page(entries: Mapping[str, Entry]) -> str:
    """Return the whole glossary as HTML, in alphabetical order; links lead from the glossary's page."""
    unique = sorted(set(entries.values()), key=lambda entry: entry.term.lower())
    rows = "".join(
        f'<dt id="{entry.anchor}">{escape(entry.term)}</dt><dd>{escape(entry.means, quote=False)}{_more(entry)}</dd>'
        for entry in unique
    )
    return f'<dl class="glossary">{rows}</dl>'


def _more(entry: Entry) -> str:
    return f' <a href="../../lessons/{entry.lesson}/">Lesson</a>' if entry.lesson else ""
