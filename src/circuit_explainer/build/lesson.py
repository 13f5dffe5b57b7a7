"""A lesson's frame: the box that opens it, its steps, and its end; from the page's front matter and its headings.

lesson:
  outcome: what an induction head looks at
  minutes: 12
  needs: [query-key-value]        lessons, by their file names; may be empty
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from typing import Any

HEADING = re.compile(r'(?=<h2 id="([^"]+)">(.*?)</h2>)', re.DOTALL)
FIELDS = {"outcome", "minutes", "needs"}
LINK = re.compile(r'<a class="headerlink".*?</a>', re.DOTALL)


def check(meta: Mapping[str, Any]) -> None:
    """Raise ValueError unless the front matter says outcome, minutes and needs."""
    if set(meta) != FIELDS:
        raise ValueError(f"lesson: needs the fields {', '.join(sorted(FIELDS))}. Got {', '.join(sorted(meta))}.")
    if not isinstance(meta["minutes"], int) or not 5 <= meta["minutes"] <= 20:
        raise ValueError(f"minutes must be a whole number from 5 to 20. Got {meta['minutes']!r}.")
    if not isinstance(meta["needs"], list):
        raise ValueError(f"needs must be a list of lessons. Got {meta['needs']!r}.")


def frame(html: str, slug: str, meta: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    """Return a lesson's HTML with its opening box, each `##` as a step, and its end.

    `titles` are those of the lessons by slug, in their order. Raises ValueError for wrong front matter.
    """
    check(meta)
    head, *parts = _split(html)
    title_end = head.index("</h1>") + len("</h1>")
    steps = "".join(_step(part, n, parts) for n, part in enumerate(parts, start=1))
    return (
        f'<div data-lesson="{slug}">{head[:title_end]}{_opening(meta, titles)}{head[title_end:]}'
        f"{steps}{_end(slug, titles)}</div>"
    )


def _split(html: str) -> list[str]:
    starts = [match.start() for match in HEADING.finditer(html)]
    return [html[start:end] for start, end in zip([0, *starts], [*starts, len(html)], strict=True)]


def _opening(meta: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    unknown = [slug for slug in meta["needs"] if slug not in titles]
    if unknown:
        raise ValueError(f"needs names no lesson: {', '.join(unknown)}. There are {', '.join(titles)}.")
    needs = ", ".join(f'<a href="../{slug}/">{escape(titles[slug])}</a>' for slug in meta["needs"])
    return (
        f'<dl class="lesson-opening"><dt>At the end you can say</dt> <dd>{escape(meta["outcome"])}</dd>'
        f" <dt>Time</dt> <dd>about {meta['minutes']} minutes; stop after any step</dd>"
        f" <dt>You need</dt> <dd>{needs or 'nothing but the words on this page'}</dd></dl>"
    )


def _step(part: str, number: int, parts: list[str]) -> str:
    heading = HEADING.match(part)
    assert heading
    back = f'<a href="#{_id(parts[number - 2])}">Back</a>' if number > 1 else ""
    onward = f'<a href="#{_id(parts[number])}">Next: {_text(parts[number])}</a>' if number < len(parts) else ""
    return (
        f'<section class="step" aria-labelledby="{heading[1]}">'
        f'<p class="step-number" data-search-exclude>Step {number} of {len(parts)}</p>{part}'
        f'<nav class="step-nav" data-search-exclude aria-label="Steps after {_text(part)}">{back}{onward}</nav>'
        "</section>"
    )


def _id(part: str) -> str:
    heading = HEADING.match(part)
    return heading[1] if heading else ""


def _text(part: str) -> str:
    heading = HEADING.match(part)
    return re.sub(r"<[^>]+>", "", LINK.sub("", heading[2])).strip() if heading else ""


def _end(slug: str, titles: Mapping[str, str]) -> str:
    order = list(titles)
    after = order[order.index(slug) + 1 :]
    link = '<a class="md-button" data-search-exclude href="../{}/">Next: {}</a>'
    onward = link.format(after[0], escape(titles[after[0]])) if after else ""
    return (
        '<div class="lesson-end"><button type="button" data-role="done" data-search-exclude>Mark as done</button>'
        f'<p data-role="done-told" role="status"></p>{onward}</div>'
    )
