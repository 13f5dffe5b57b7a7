"""The decorator ties controls to parameters; drawing takes wire values and names the control that is wrong."""

from typing import Any

import pytest

from circuit_explainer.exhibits import Choice, ExhibitError, ReaderError, Slider, Text, exhibit
from tests.exhibits.sample import SampleChart


@exhibit(text=Text("a b"), layer=Choice(0, 1))
def sample(text: str, layer: int, scale: float = 1.0) -> SampleChart:
    return SampleChart(f"{text}|{layer!r}|{scale}")


def test_an_untouched_exhibit_draws_its_defaults() -> None:
    assert sample.draw({}).summary == "a b|0|1.0"
    assert sample.defaults() == {"text": "a b", "layer": "0"}


def test_wire_values_arrive_as_the_functions_own_types() -> None:
    assert sample.draw({"text": "c", "layer": "1"}).summary == "c|1|1.0"


def test_an_exhibit_is_still_its_function() -> None:
    assert sample("x", layer=5, scale=2.0).summary == "x|5|2.0"


def test_a_value_that_cannot_be_used_names_its_control() -> None:
    with pytest.raises(ReaderError, match="The text is empty") as caught:
        sample.draw({"text": " "})
    assert caught.value.control == "text"


def test_a_control_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(ExhibitError, match="no control named other"):
        sample.draw({"other": "1"})


def test_a_control_without_a_parameter() -> None:
    with pytest.raises(ExhibitError, match=r"Control 'head' has no parameter in f\(text\)"):

        @exhibit(text=Text("a"), head=Choice(0, 1))
        def f(text: str) -> SampleChart:
            return SampleChart(text)


def test_a_parameter_without_a_control() -> None:
    with pytest.raises(ExhibitError, match=r"Parameter 'head' of exhibit 'f' has no control. Add head=… to @exhibit"):

        @exhibit(text=Text("a"))
        def f(text: str, head: int) -> SampleChart:
            return SampleChart(text)


def test_something_that_is_no_control() -> None:
    wrong: Any = "a"
    with pytest.raises(ExhibitError, match="must be Text, Choice, Several, Slider, Toggle or Edits. Got str"):
        exhibit(text=wrong)(lambda text: SampleChart())


def test_a_function_that_returns_no_chart() -> None:
    @exhibit(n=Slider(0, 2, 1))
    def f(n: int) -> Any:
        return n

    with pytest.raises(ExhibitError, match="Exhibit 'f' must return a chart .* Got int"):
        f.draw({})
