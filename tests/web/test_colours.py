"""Contrast of the colours, and what is left of the palettes for readers who see fewer colours."""

from itertools import combinations, pairwise

import pytest

from tests.web.colours import DEFICIENCIES, contrast, difference, luminance, sequential, tokens

SCHEMES = ("dark", "light")
VISION = (None, *DEFICIENCIES)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_text_has_the_contrast_of_aaa_on_page_and_surface(scheme: str) -> None:
    colours = tokens(scheme)
    for text in ("text", "text-2", "link", "destination", "source", "wrong"):
        for ground in ("page", "surface"):
            assert contrast(colours[text], colours[ground]) >= 7, (text, ground)
    assert contrast(colours["on-link"], colours["link"]) >= 7


@pytest.mark.parametrize("scheme", SCHEMES)
def test_what_carries_meaning_without_being_text_has_three_to_one(scheme: str) -> None:
    colours = tokens(scheme)
    for mark in ("border", "bar", "below", "above", *(f"series-{n}" for n in range(1, 6))):
        for ground in ("page", "surface"):
            assert contrast(colours[mark], colours[ground]) >= 3, (mark, ground)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("vision", VISION)
def test_lines_of_a_chart_can_be_told_apart(scheme: str, vision: str | None) -> None:
    """They differ in their dash as well; for three kinds of vision at once no five colours lie far apart."""
    colours = tokens(scheme)
    lines = [colours[f"series-{n}"] for n in range(1, 6)]
    for one, other in combinations(lines, 2):
        assert difference(one, other, vision) >= 10, (one, other)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("vision", VISION)
def test_who_asks_and_who_answers_and_the_two_signs_can_be_told_apart(scheme: str, vision: str | None) -> None:
    colours = tokens(scheme)
    assert difference(colours["destination"], colours["source"], vision) >= 20
    assert difference(colours["below"], colours["above"], vision) >= 40
    for end in ("below", "above"):
        assert difference(colours[end], colours["zero"], vision) >= 30


@pytest.mark.parametrize("vision", VISION)
def test_the_scale_of_attention_gets_brighter_step_by_step(vision: str | None) -> None:
    scale = sequential()
    assert all(luminance(one) < luminance(two) for one, two in pairwise(scale))
    assert all(difference(one, two, vision) >= 5 for one, two in pairwise(scale))
    assert contrast(scale[0], scale[-1]) >= 7
