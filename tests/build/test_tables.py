import pytest

from circuit_explainer.build.tables import table


def test_cells_are_escaped_and_backticks_are_code() -> None:
    assert table(["name", "shape"], [["`W_E`", "<v>"]]) == (
        '<table><thead><tr><th scope="col">name</th><th scope="col">shape</th></tr></thead>'
        "<tbody><tr><td><code>W_E</code></td><td>&lt;v&gt;</td></tr></tbody></table>"
    )


def test_a_row_of_the_wrong_length() -> None:
    with pytest.raises(ValueError, match="A row needs 2 cells, as name, shape. Got"):
        table(["name", "shape"], [["W_E"]])
