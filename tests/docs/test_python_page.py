"""The code of the page on use in Python runs as it stands there, and its table is that of the command line."""

import re
from pathlib import Path

import circuit_explainer
from circuit_explainer.__main__ import _parser
from circuit_explainer.charts import Chart
from circuit_explainer.circuits.scores import SEQUENCES
from circuit_explainer.circuits.table import SCORES

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "python.md"


def test_the_blocks_run_one_after_another() -> None:
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)
    assert len(blocks) == 2
    *before, last = blocks[1].rstrip().splitlines()
    namespace: dict[str, object] = {}
    exec(blocks[0] + "\n".join(before), namespace)
    chart = eval(last, namespace)
    assert isinstance(chart, Chart)
    assert "“cat₂” looks at “sat”" in chart.summary


def test_the_table_has_the_columns_that_are_printed() -> None:
    columns = re.findall(r"^\| `([\w ]+)` \|", PAGE.read_text(encoding="utf-8"), re.M)
    assert columns == [score.replace("_", " ") for score in SCORES]


def test_the_numbers_of_sequences_are_those_of_the_code() -> None:
    text = PAGE.read_text(encoding="utf-8")
    default = _parser().parse_args(["score", "model.safetensors"]).sequences
    assert f"The command runs {default} random sequences" in text
    assert f"`scores(model)` runs {SEQUENCES}," in text


def test_the_names_of_the_package_are_listed() -> None:
    told = re.search(r"has four names:\n(.*)\nAll others", PAGE.read_text(encoding="utf-8"), re.S)
    assert told is not None
    assert re.findall(r"\[`(\w+)`\]", told[1]) == circuit_explainer.__all__
