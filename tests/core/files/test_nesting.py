import json

import pytest

from circuit_explainer.core.files.fields import parse_object
from circuit_explainer.core.files.nesting import DEEPEST, check_nesting

REFUSED = r"^x: expected at most 100 lists and objects inside each other; got more\.$"


def nested(depth: int) -> str:
    return '{"a": ' * depth + "1" + "}" * depth


def test_the_deepest_that_is_read() -> None:
    assert parse_object(nested(DEEPEST), "x") == json.loads(nested(DEEPEST))
    with pytest.raises(ValueError, match=REFUSED):
        parse_object(nested(DEEPEST + 1), "x")


# In the browser each of these would end the interpreter, if it came to be parsed.
@pytest.mark.parametrize("start", ["[", '{"":', '["]"', '[ "]", ', '["\\"[", ', '["\\\\", ', "[[], "])
def test_endless_nesting(start: str) -> None:
    with pytest.raises(ValueError, match=REFUSED):
        parse_object(start * 100_000, "x")


@pytest.mark.parametrize(
    "text",
    ['"' + "[" * 999 + '"', '"\\"' + "[" * 999 + '"', '"' + "[" * 999, "[]" * 999, '["[", {}],' * 999, "]" * 999],
)
def test_brackets_inside_of_texts_and_beside_each_other_are_not_nested(text: str) -> None:
    check_nesting(text, "x")


@pytest.mark.parametrize("part", ['"', '\\"', '"\\', "\\", "[]", '"a"', "a"])
def test_long_files_are_read_through_once(part: str) -> None:
    # A quadratic way would take hours.
    check_nesting(part * 1_000_000, "x")
    check_nesting('"' + part * 1_000_000, "x")
