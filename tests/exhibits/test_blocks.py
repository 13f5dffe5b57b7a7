"""Blocks share a namespace in order, and their errors tell the line of the page."""

import pytest

from circuit_explainer.exhibits.blocks import error_line, new_namespace, run_block

EXHIBIT = """
from circuit_explainer.exhibits import exhibit
from tests.exhibits.sample import SampleChart

@exhibit()
def {name}():
    return SampleChart(str(a))
"""


def test_blocks_of_a_page_share_their_names() -> None:
    namespace = new_namespace()
    assert run_block("a = 1", namespace, "page.md") is None
    made = run_block(EXHIBIT.format(name="shown"), namespace, "page.md")
    assert made is not None
    assert (made.name, made.draw({}).summary) == ("shown", "1")


def test_an_exhibit_of_an_earlier_block_is_not_found_again() -> None:
    namespace = new_namespace()
    run_block(EXHIBIT.format(name="shown"), namespace, "page.md")
    assert run_block("b = shown", namespace, "page.md") is None


def test_two_exhibits_in_one_block_are_refused() -> None:
    with pytest.raises(ValueError, match="this one defines one, two"):
        run_block(EXHIBIT.format(name="one") + EXHIBIT.format(name="two"), new_namespace(), "page.md")


@pytest.mark.parametrize("source", ["x = 1\ny = 1 / 0\n", "x = 1\ny = (\n", "x = 1\nimport nothing_of_this_name\n"])
def test_errors_tell_the_line_of_the_page(source: str) -> None:
    with pytest.raises((ZeroDivisionError, SyntaxError, ImportError)) as caught:
        run_block(source, new_namespace(), "page.md", line=41)
    assert error_line(caught.value, "page.md") == 42


def test_an_error_from_elsewhere_has_no_line() -> None:
    assert error_line(ValueError("no"), "page.md") is None
