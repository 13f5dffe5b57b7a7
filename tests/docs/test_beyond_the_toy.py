"""What the last lesson claims, as far as models that ship can tell; its sources; and the left column of its code."""

import re
from typing import Any

import numpy as np
import pytest

from circuit_explainer import zoo
from circuit_explainer.circuits import head_scores, per_token_loss, zero_heads
from circuit_explainer.exhibits import ReaderError
from circuit_explainer.zoo.making.text.english import english
from tests.docs.drawn import DOCS, drawn, namespace

PAGE = "lessons/beyond-the-toy.md"
TEXT = (DOCS / PAGE).read_text(encoding="utf-8")
READER = zoo.load("text-2l")


def test_some_head_looks_for_repeats_in_every_model_but_that_of_one_layer() -> None:
    for score, least in (("induction", 0.9), ("previous_token", 0.9)):
        best = {row[0]: row[1] for row in drawn(PAGE, "variants", score=score).table.rows}
        assert best.pop("one layer") < 0.05
        assert min(best.values()) > least
    models = namespace(PAGE)["MODELS"]
    assert set(models.values()) == set(zoo.names()) - {"by-hand", "text-0l"}
    assert all(
        head_scores(zoo.load(name)).best("induction").layer > 0 for name in models.values() if name != "induction-1l"
    )


def test_the_parts_are_those_that_the_page_names() -> None:
    assert zoo.load("induction-2l-layernorm").cfg.normalization_type == "LN"
    assert not zoo.load("induction-2l-mlp").cfg.attn_only
    assert zoo.load("induction-2l-rotary").cfg.positional_embedding_type == "rotary"
    assert zoo.load("induction-2l-shortformer").cfg.positional_embedding_type == "shortformer"
    assert zoo.load("induction-2l-grouped").cfg.n_key_value_heads == 2
    assert READER.cfg.n_ctx == 128
    best = head_scores(READER).best("induction")
    assert (best.layer, best.head) == (1, 3)


def test_where_a_name_comes_back_the_second_half_costs_less_through_l1h3() -> None:
    first, second = drawn(PAGE, "halves").table.rows
    assert second[1] < first[1] - 0.5
    # Without the head the first half costs a little more, and the second nearly as much as the first.
    assert first[2] - first[1] < 0.5 < 0.9 < second[2] - second[1]
    assert abs(second[2] - first[2]) < 0.1
    assert drawn(PAGE, "halves").summary == "Second half minus first: −0.71 nats with all heads, −0.04 without L1H3."


def test_in_the_text_about_the_sun_the_second_half_costs_less_too() -> None:
    sun = next(example for example in namespace(PAGE)["halves"].controls["text"].examples if "sun" in example)
    words = re.findall(r"\w{4,}", sun)
    assert len(words) == len(set(words))
    first, second = drawn(PAGE, "halves", text=sun).table.rows
    assert second[1] < first[1] - 0.2


def test_a_text_without_halves_is_refused() -> None:
    with pytest.raises(ReaderError, match="Type at least two."):
        drawn(PAGE, "halves", text="a")


def test_on_english_the_gain_is_small() -> None:
    passages = english(128)
    assert len(passages) == 200
    loss = per_token_loss(READER(passages), passages).mean(axis=0)
    # loss[i] is that of character i + 1.
    early, late = loss[10:20].mean(), loss[110:].mean()
    assert f"{early:.2f}" == f"{namespace(PAGE)['early']:.2f}" == "1.70"
    assert f"{late:.2f}" == f"{namespace(PAGE)['late']:.2f}" == "1.61"


def named(cell: str) -> set[tuple[int, int]]:
    return {(int(layer), int(head)) for layer, head in re.findall(r"L(\d+)H(\d+)", cell)}


def test_the_table_and_the_picture_name_the_same_heads() -> None:
    """Those of Wang et al. are the 26 of their code (``ioi_circuit_extraction.py``)."""
    table = re.findall(r"^\| (\S): ([^|]+) \| ([^|]+) \| ([^|]+) \|$", TEXT, re.MULTILINE)
    letters: dict[str, set[tuple[int, int]]] = {}
    wang: set[tuple[int, int]] = set()
    for letter, _, heads, told in table:
        letters[letter] = letters.get(letter, set()) | named(heads)
        if "ARENA course" not in told:
            assert not wang & named(heads)
            wang |= named(heads)
    assert letters == {letter: set(heads) for letter, heads in namespace(PAGE)["KNOWN"].items()}
    assert len(wang) == 26
    assert "26 of the heads above" in TEXT
    assert "in Wang and others (2022) unless the table says otherwise" in TEXT
    assert wang == {
        (9, 9), (10, 0), (9, 6), (10, 10), (10, 6), (10, 2), (10, 1), (11, 2), (9, 7), (9, 0), (11, 9),
        (10, 7), (11, 10), (7, 3), (7, 9), (8, 6), (8, 10), (5, 5), (5, 8), (5, 9), (6, 9),
        (0, 1), (0, 10), (3, 0), (2, 2), (4, 11),
    }  # fmt: skip


def test_the_left_column_runs() -> None:
    """The right one runs with TransformerLens, in tests/parity/live_lesson_code.py."""
    code = re.findall(r'^```python title="Circuit Explainer: [^"]+"\n(.*?)^```$', TEXT, re.DOTALL | re.MULTILINE)
    names: dict[str, Any] = {}
    for block in code:
        exec(compile(block, PAGE, "exec"), names)
    assert len(code) == TEXT.count('title="TransformerLens: ') == 6
    assert (names["layer"], names["head"]) == (1, 3)
    # The head looks at the "l" that came after "Zorb".
    assert names["looks_at"] == 1 + names["text"].index("l")
    without = READER.run_with_hooks(names["text"], zero_heads(READER.cfg, [(1, 3)]))
    np.testing.assert_array_equal(names["without"], without)
    assert sum(names["parts"].values()) == pytest.approx(names["logits"][0, -1, names["token"]], rel=1e-4)
