"""The options of a fence: what is not an option, or out of its range, is named with what is accepted."""

import pytest

from circuit_explainer.build import options


def test_a_bare_fence_has_the_defaults() -> None:
    assert options.parse({}) == options.Options(title="", height=None, code="folded")


def test_options_are_read() -> None:
    assert options.parse({"title": "T", "height": "300", "code": "shown"}) == options.Options("T", 300, "shown")


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({"hieght": "300"}, "has no option hieght. It takes title, height, code"),
        ({"height": "tall"}, "from 160 to 1200. Got 'tall'"),
        ({"height": "20"}, "from 160 to 1200. Got '20'"),
        ({"code": "open"}, "one of folded, shown, hidden. Got 'open'"),
    ],
)
def test_wrong_options_are_named(inputs: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        options.parse(inputs)
