import re

import pytest

from circuit_explainer.build import lesson

META = {"outcome": "what a token is & why", "minutes": 12, "needs": ["first"]}
TITLES = {"first": "The first", "second": "The <second>", "third": "The third"}
HTML = (
    '<h1 id="t">Title</h1>\n<p>Intro.</p>\n<h2 id="a">One <code>x</code><a class="headerlink" href="#a">¶</a></h2>'
    '\n<p>1</p>\n<h2 id="b">Two</h2>\n<p>2</p>'
)


def test_each_heading_is_a_step_with_ways_to_its_neighbours() -> None:
    html = lesson.frame(HTML, "second", META, TITLES)
    assert re.findall(r"Step \d of \d", html) == ["Step 1 of 2", "Step 2 of 2"]
    first, second = re.findall(r'<section class="step" aria-labelledby="\w">.*?</section>', html, re.DOTALL)
    assert "<p>1</p>" in first
    assert '<a href="#b">Next: Two</a>' in first
    assert "Back" not in first
    assert "<p>2</p>" in second
    assert '<a href="#a">Back</a>' in second
    assert "Next" not in second


def test_the_box_stands_under_the_title_and_says_what_to_expect() -> None:
    html = lesson.frame(HTML, "second", META, TITLES)
    assert html.index("</h1>") < html.index("lesson-opening") < html.index("Intro.")
    assert "what a token is &amp; why" in html
    assert "about 12 minutes" in html
    assert '<a href="../first/">The first</a>' in html
    assert "nothing but the words" in lesson.frame(HTML, "second", {**META, "needs": []}, TITLES)


def test_the_end_leads_to_one_next_lesson() -> None:
    assert 'href="../third/">Next: The third</a>' in lesson.frame(HTML, "second", META, TITLES)
    assert "md-button" not in lesson.frame(HTML, "third", META, TITLES)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"minutes": 90}, "from 5 to 20. Got 90"),
        ({"needs": ["zero"]}, "needs names no lesson: zero. There are first, second, third"),
        ({"needs": "first"}, "needs must be a list"),
        ({"time": 3}, "lesson: needs the fields minutes, needs, outcome"),
    ],
)
def test_wrong_front_matter_is_said(change: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        lesson.frame(HTML, "second", META | change, TITLES)
