"""The programs that the playground offers, run in TransformerLens as they are, against our own numbers."""

import warnings
from typing import Any

import numpy as np
import pytest

from circuit_explainer import zoo
from circuit_explainer.core.arrays import Array
from circuit_explainer.workbench.playground import interventions, models, runs, state
from circuit_explainer.workbench.playground.views import VIEWS
from tests.workbench.playground.combinations import EDITS, MODELS, combinations, finished, values_of

# float32 sums in another order, as parts of the largest number that takes part.
TOLERANCE = 2e-5


def ours(values: dict[str, Any]) -> Array:
    """What the last line of the program prints, by our own functions."""
    model, view = models.get(values["model"]), state.by_label(values["view"])
    own = {name: values[name] for name in view.fields if name in values}
    edits = interventions.parse_all(values.get("edits", ()), model.cfg)
    needed = view.needed(model, own)
    if view.on_repeats:
        made = finished(runs.steps_on_repeats(model, edits, needed))
    else:
        made = finished(runs.steps(model, values["text"], values.get("other", ""), edits, needed))
    clean = view.numbers(made, made.clean_logits, made.clean, **own)
    if made.cache is None or not view.by_run:
        return clean
    changed = view.numbers(made, made.logits, made.cache, **own)
    return np.stack([clean, changed, changed - clean])


def theirs(program: str) -> Array:
    names: dict[str, Any] = {}
    with warnings.catch_warnings():
        # 3.9 announces the end of HookedTransformer.
        warnings.simplefilter("ignore")
        exec(compile(program, "program", "exec"), names)
    return np.asarray(names["result"])


@pytest.mark.parametrize("edits", EDITS, ids=lambda edits: " then ".join(edits) or "clean")
@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("view", VIEWS)
def test_the_program_gives_our_numbers(
    view: str, model: str, edits: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(zoo.directory())
    for wires in combinations(view, model, edits):
        values = values_of(wires)
        expected = ours(values)
        found = theirs(state.code(**values))
        finite = np.abs(expected[np.isfinite(expected)])
        close = TOLERANCE * max(1.0, float(finite.max(initial=0)))
        assert found.shape == expected.shape, wires
        np.testing.assert_allclose(found, expected, rtol=0, atol=close, err_msg=str(wires), equal_nan=True)
    assert capsys.readouterr().out
