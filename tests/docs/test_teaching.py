"""The pages for lecturers say what the site holds."""

import re
from html import unescape
from importlib.metadata import version

from circuit_explainer.build import about
from tests.docs.addresses import SITE
from tests.docs.lessons import DOCS, lessons
from tests.docs.test_lessons import ORDER

EARLY = DOCS.parent / "src/circuit_explainer/web/js/reading/early.js"


def page(name: str) -> str:
    text = (SITE / "teaching" / name / "index.html").read_text(encoding="utf-8")
    return unescape(text[text.index("<article") : text.index("</article>")])


def test_the_outcomes_are_those_of_the_lessons() -> None:
    rows = re.findall(r"<tr><td>.*?</tr>", page(""))
    meta = {lesson.slug: lesson.meta for lesson in lessons()}
    assert len(rows) == len(ORDER)
    for row, slug in zip(rows, ORDER, strict=True):
        said = meta[slug]["lesson"]
        assert f'<a href="../lessons/{slug}/">{meta[slug]["title"]}</a>' in row
        assert f"<td>{said['outcome']}</td>" in row
        assert f"{said['minutes']} min" in row
    minutes = sum(each["lesson"]["minutes"] for each in meta.values())
    assert f"All {len(ORDER)} lessons take {minutes} minutes." in page("")


def test_every_lesson_has_two_questions_with_folded_answers() -> None:
    parts = re.split(r'<h2 id="([^"]+)"', page("discussion"))
    assert tuple(parts[1::2]) == ORDER
    for slug, text in zip(parts[1::2], parts[2::2], strict=True):
        assert text.count('<details class="answer">') == 2, slug
        assert len(re.findall(r"<p><strong>.*?\?</strong></p>", text, re.DOTALL)) == 2, slug


def test_what_can_be_hidden_is_what_the_page_lists() -> None:
    found = re.search(r"PARTS = \[([^\]]+)\]", EARLY.read_text(encoding="utf-8"))
    assert found
    names = re.findall(r"'(\w+)'", found[1])
    assert re.findall(r"<td><code>(\w+)</code></td>", page("links")) == names
    styles = (EARLY.parents[2] / "css" / "hide.css").read_text(encoding="utf-8")
    assert re.findall(r'data-hide~="(\w+)"', styles) == names


def test_the_page_cites_this_version() -> None:
    installed = version(about.PACKAGE)
    text = re.sub(r"<[^>]+>", "", page("links"))
    assert f"@software{{circuit-explainer-{installed}," in text
    assert f"circuit-explainer-{installed}.zip" in text
    whole = (SITE / "index.html").read_text(encoding="utf-8")
    assert f'<p class="site-version">Version {installed}' in whole
