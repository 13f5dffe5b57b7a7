"""The programs: what is in them, and that nothing a reader types can become code."""

import ast
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circuit_explainer import zoo
from circuit_explainer.circuits.repeats import some_repeats
from circuit_explainer.circuits.scores import SEQUENCES
from circuit_explainer.workbench.playground import code, models, state
from tests.workbench.playground.combinations import values_of

MODEL = zoo.load("induction-2l")


def program(**wires: Any) -> str:
    return state.code(**values_of(wires))


def statements(source: str) -> list[str]:
    return [ast.dump(node) for node in ast.parse(source).body]


def test_a_clean_program_has_no_more_than_it_needs() -> None:
    source = program(text="the cat sat the")
    for word in ("hook", "clean", "other", "import numpy", "get_act_name"):
        assert word not in source
    assert source.startswith("# All heads of 'induction-2l', for transformer-lens 3.9\nimport json\n\nimport torch\n")
    assert "tokens = torch.tensor([[0, 1, 2, 3, 1]])" in source
    assert source.endswith("print(result)\n")


def test_interventions_stand_in_their_order_with_their_sentences() -> None:
    source = program(edits=["patch k 1.1", "off zero 0.0", "zero 0.1"])
    assert "# 1. Take the keys of L1H1 from the other prompt.\ndef edit_1(k, hook):" in source
    assert "# 2. Zero the output of L0H1.\ndef edit_2(z, hook):\n    z[:, :, 1] = 0\n    return z\n" in source
    assert "edit_3" not in source
    assert source.index("other_tokens =") < source.index("hooks = []")


TEXTS = st.text(min_size=1, max_size=40) | st.sampled_from(
    [
        "a\nimport os",
        "a\r\nb",
        "'''",
        '"""',
        "\\",
        "a'; x = 1 #",
        "\u2028b",
        "\x0cb",
        "‮b",
        "{} %s",
        "np",
        "np.x",
        "a # np.",
        'it\'s np. and "json."',
        "load_file",
    ]
)


@settings(deadline=None, max_examples=200)
@given(TEXTS)
def test_a_text_stays_a_comment(text: str) -> None:
    lines = code.tokens("tokens", np.array([[0, 1]]), text)
    assert statements("\n".join(lines)) == statements("tokens = torch.tensor([[0, 1]])")
    assert lines[0].isprintable()


@settings(deadline=None, max_examples=200)
@given(TEXTS)
def test_a_file_name_stays_a_text(name: str) -> None:
    lines = code.opened(name, MODEL, own=True)
    source = code.program(f"All heads of {name!r}", lines)
    assert [type(node) for node in ast.parse(source).body] == [
        type(node) for node in ast.parse(code.program("", code.opened("mine", MODEL, own=True))).body
    ]


def test_long_texts_are_cut_and_their_tokens_take_several_lines() -> None:
    lines = code.tokens("tokens", np.arange(100)[None], "word " * 100)
    assert max(len(line) for line in lines) <= 120
    assert statements("\n".join(lines)) == statements(f"tokens = torch.tensor([{list(range(100))}])")


def test_a_readers_model_has_its_config_written_out() -> None:
    models.register("mine", MODEL)
    try:
        source = program(model="mine")
    finally:
        models.forget("mine")
    assert "load_file('mine.safetensors')" in source
    assert "n_layers=2" in source
    assert "safe_open" not in source


@pytest.mark.parametrize("name", ["induction-2l", "induction-4l", "text-2l"])
def test_the_random_tokens_are_those_that_heads_are_scored_on(name: str) -> None:
    model = zoo.load(name)
    names: dict[str, Any] = {"np": np, "torch": type("torch", (), {"tensor": staticmethod(np.asarray)})}
    exec("\n".join(code.repeats(model)), names)
    given = some_repeats(model, SEQUENCES)
    np.testing.assert_array_equal(names["tokens"], given.tokens)
    assert names["block"] == given.block
    assert names["tokens"].flags.c_contiguous  # TransformerLens takes no other
