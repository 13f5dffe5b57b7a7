from xml.etree.ElementTree import tostring

import pytest

from circuit_explainer.build import formulas
from circuit_explainer.build.runtime import cache_dir

KATEX = cache_dir() / "runtime" / "tools" / "katex.mjs"


def test_a_formula_has_its_words_and_is_set_by_katex() -> None:
    html = formulas.typeset(formulas.block("a < \\sqrt{b}\n---\nIt is smaller & real.\n"), KATEX)
    assert 'class="katex-display"' in html
    assert "<math" in html  # for screen readers
    assert "<mo>&lt;</mo>" in html
    assert "<figcaption>It is smaller &amp; real.</figcaption>" in html


def test_a_short_formula_stands_in_its_sentence() -> None:
    given = f"<p>so {tostring(formulas.inline('d < 2'), encoding='unicode')} holds</p>"
    html = formulas.typeset(given, KATEX)
    assert html.startswith('<p>so <span class="tex" data-search-exclude><span class="katex">')
    assert html.endswith("</span> holds</p>")
    assert "katex-display" not in html


def test_a_short_formula_keeps_what_must_not_begin_a_line() -> None:
    given = f"<p>by {tostring(formulas.inline('d'), encoding='unicode')}, turned</p>"
    assert formulas.typeset(given, KATEX).endswith(",</span> turned</p>")


def test_a_page_without_formulas_is_left_alone() -> None:
    assert formulas.typeset("<p>text</p>", KATEX / "not there") == "<p>text</p>"


@pytest.mark.parametrize("source", ["x = 1", "x = 1\n---\n", "\n---\nwords"])
def test_a_formula_without_words_is_refused(source: str) -> None:
    with pytest.raises(ValueError, match="A formula needs TeX, a line ---, and its words"):
        formulas.block(source)


def test_what_katex_refuses_is_said() -> None:
    with pytest.raises(ValueError, match=r"A formula cannot be set: KaTeX parse error.*\\nonsense"):
        formulas.typeset(formulas.block("\\nonsense\n---\nWords."), KATEX)
