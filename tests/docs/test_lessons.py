"""What every lesson must have, whatever it teaches."""

import re

import pytest
import textstat

from circuit_explainer.build import glossary
from tests.docs.lessons import DOCS, Lesson, fences, lessons, prose

LESSONS = lessons()
ORDER = (
    "tokens-and-the-stream", "query-key-value", "attention-step-by-step", "what-is-a-circuit", "composition",
    "induction-heads", "prove-it", "how-they-form", "beyond-the-toy",
)  # fmt: skip
every = pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)
MOST_WORDS = 130
GRADE = 9
# Names of things, which no sentence can avoid: they do not make it harder for who has met them.
PROPER = re.compile(r"[Ll]\d[Hh]\d|W_\w+|[A-Z]{2,}\w*|\b(?:TransformerLens|GPT)\b|\w*_\w*")


def test_there_are_nine_lessons_in_their_order() -> None:
    nav = (DOCS.parent / "mkdocs.yml").read_text(encoding="utf-8").split("\nnav:\n")[1]
    assert tuple(re.findall(r"lessons/([\w-]+)\.md", nav)) == ("index", *ORDER)
    assert {lesson.slug for lesson in LESSONS} == set(ORDER)


@every
def test_a_lesson_needs_only_lessons_before_it(lesson: Lesson) -> None:
    assert 10 <= lesson.meta["lesson"]["minutes"] <= 15
    assert set(lesson.meta["lesson"]["needs"]) <= set(ORDER[: ORDER.index(lesson.slug)])


@every
def test_the_reader_predicts_at_least_three_times(lesson: Lesson) -> None:
    assert sum(len(fences(text, "predict")) for _, text in lesson.steps) >= 3


@every
def test_each_step_fits_one_screen(lesson: Lesson) -> None:
    for heading, text in lesson.steps:
        assert len(prose(text).split()) <= MOST_WORDS, heading
        exhibits = [fence for fence in fences(text, "pyscript") if "@exhibit" in fence]
        assert len(exhibits) <= 1, heading


@every
def test_a_lesson_has_exhibits_and_ends_in_two_lines(lesson: Lesson) -> None:
    assert sum("@exhibit" in text for _, text in lesson.steps) >= 2
    heading, text = lesson.steps[-1]
    assert heading == "In two lines"
    assert len(prose(text).split("\n\n")[0].splitlines()) == 2


@every
def test_terms_of_the_glossary_are_explained_where_they_first_stand(lesson: Lesson) -> None:
    entries = glossary.read(DOCS / glossary.FILE)
    marked = re.findall(r"`#!term ([^`]+)`", "".join(text for _, text in lesson.steps))
    assert len(marked) >= 4
    # Each once: a page full of dotted lines is hard to read.
    terms = [entries[form.lower()].term for form in marked]
    assert sorted(terms) == sorted(set(terms))


@every
def test_a_learner_of_fourteen_could_read_it(lesson: Lesson) -> None:
    text = PROPER.sub("it", "\n".join(prose(part) for _, part in lesson.steps))
    text = re.sub(r"[“”]", "", text)
    assert textstat.flesch_kincaid_grade(text) <= GRADE


@every
def test_no_italics_and_no_emoji(lesson: Lesson) -> None:
    for heading, text in lesson.steps:
        assert not re.search(r"(?<![\w*])\*[^*\s][^*]*\*(?!\*)", prose(text)), heading
        assert not re.search("[\U0001f300-\U0001faff]", text), heading


def test_the_page_of_all_lessons_says_what_each_lesson_says() -> None:
    listed = (DOCS / "lessons" / "index.md").read_text(encoding="utf-8")
    meta = {lesson.slug: lesson.meta for lesson in LESSONS}
    for number, slug in enumerate(ORDER, start=1):
        about = meta[slug]["lesson"]
        assert f"{number}. [{meta[slug]['title']}]({slug}.md), {about['minutes']} minutes.\n" in listed
        assert f"   At the end you can say {about['outcome']}\n" in listed
