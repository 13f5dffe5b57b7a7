from pathlib import Path
from xml.etree.ElementTree import tostring

import pytest

from circuit_explainer.build import glossary
from circuit_explainer.build.glossary import Entry

FILE = """
- term: residual stream
  also: [stream, streams]
  means: The vector that every layer reads & adds to.
  lesson: tokens
- term: BOS
  means: The first token.
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "glossary.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_term_is_found_by_each_of_its_forms(tmp_path: Path) -> None:
    entries = glossary.read(written(tmp_path, FILE))
    assert entries["streams"] is entries["residual stream"]
    assert entries["bos"] == Entry("BOS", "The first token.")
    assert entries["stream"].anchor == "residual-stream"


@pytest.mark.parametrize(
    ("page", "address"),
    [
        ("index.md", "reference/glossary.md#bos"),
        ("lessons/tokens.md", "../reference/glossary.md#bos"),
        ("reference/papers.md", "glossary.md#bos"),
    ],
)
def test_a_term_in_the_prose_is_a_link_that_explains_itself(tmp_path: Path, page: str, address: str) -> None:
    entries = glossary.read(written(tmp_path, FILE))
    html = tostring(glossary.link("BOS", entries, page), encoding="unicode")
    assert html == f'<a class="term" href="{address}" data-definition="The first token.">BOS</a>'


def test_a_term_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no term 'logit'. Add it to reference/glossary.yml"):
        glossary.link("logit", glossary.read(written(tmp_path, FILE)), "index.md")


def test_the_page_lists_each_term_once_in_order(tmp_path: Path) -> None:
    html = glossary.page(glossary.read(written(tmp_path, FILE)))
    assert html.index('<dt id="bos">') < html.index('<dt id="residual-stream">')
    assert html.count("<dt") == 2
    assert "reads &amp; adds to." in html
    assert '<a href="../../lessons/tokens/">' in html


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("means: The first token.", "mean: x", "A term has the fields also, lesson, means, term"),
        ("term: BOS", "term: Stream", "has 'Stream' twice"),
    ],
)
def test_what_is_wrong_in_the_file_is_said(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        glossary.read(written(tmp_path, FILE.replace(old, new)))
