"""What the lessons say of themselves, as a table for lecturers: from their front matter, so it is written once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path

from mkdocs.utils.meta import get_data

from circuit_explainer.build import lesson
from circuit_explainer.build.about import About


@dataclass(frozen=True)
class Course:
    """What pages for lecturers tell of the whole site: its `lessons` by slug and title, in order, in a `folder`."""

    lessons: Mapping[str, str]
    folder: Path
    about: About | None = None


def outcomes(course: Course) -> str:
    """Return a table of the lessons: what the reader can say at the end, how long it takes, what it needs.

    Raises:
        ValueError: a lesson's front matter is wrong.
    """
    rows, minutes = "", 0
    for slug, title in course.lessons.items():
        meta = get_data((course.folder / f"{slug}.md").read_text(encoding="utf-8"))[1]["lesson"]
        lesson.check(meta)
        minutes += meta["minutes"]
        needs = ", ".join(escape(course.lessons[need]) for need in meta["needs"]) or "nothing"
        rows += (
            f"<tr><td>{_link(slug, title)}</td><td>{escape(meta['outcome'])}</td>"
            f'<td style="text-align: right">{meta["minutes"]} min</td>'
            f'<td><span class="stacked-only">Needs: </span>{needs}</td></tr>'
        )
    head = "".join(
        f'<th scope="col">{title}</th>' for title in ("Lesson", "At the end a student can say", "Time", "Needs")
    )
    return (
        f'<div class="stacked"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
        f"<p>All {len(course.lessons)} lessons take {minutes} minutes.</p>"
    )


def _link(slug: str, title: str) -> str:
    return f'<a href="../lessons/{slug}/">{escape(title)}</a>'
