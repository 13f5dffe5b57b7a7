"""The plain reference pages say what the code says: names, shapes, figures; and every address is written as one."""

import re
from html import unescape
from typing import Any

import numpy as np
import pytest

from circuit_explainer import circuits, zoo
from circuit_explainer.circuits import composition_scores, full_k_composition, head_scores
from circuit_explainer.core.table import ACTIVATIONS, LETTERS, WEIGHTS
from tests.build.render import render
from tests.docs.drawn import DOCS

FOLDER = DOCS / "reference"
GLANCE, NOTATION, DEFINITIONS, PAPERS = (
    (FOLDER / f"{name}.md").read_text(encoding="utf-8") for name in ("at-a-glance", "notation", "definitions", "papers")
)
MODEL = zoo.load("induction-2l")


@pytest.fixture(scope="module")
def tables() -> list[list[list[str]]]:
    """The cells of the tables of the page on notation, as they are built."""
    html, run = render(FOLDER / "notation.md")
    assert run.errors == []
    plain = re.compile(r"<[^>]+>")
    return [
        [
            [unescape(plain.sub("", cell)) for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL)]
            for row in re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)
        ]
        for table in re.findall(r"<table>(.*?)</table>", html, re.DOTALL)
    ]


def test_the_letters_are_those_of_the_code(tables: list[list[list[str]]]) -> None:
    rows = tables[0][1:]
    assert [row[:2] for row in rows] == [list(pair) for pair in LETTERS.items()]
    lengths = {row[0]: row[2] for row in rows}
    cfg = MODEL.cfg
    for letter, length in {"d": cfg.d_model, "e": cfg.d_head, "h": cfg.n_heads, "v": cfg.d_vocab, "l": 2}.items():
        assert lengths[letter] == str(length)


@pytest.mark.parametrize(("number", "known"), [(1, WEIGHTS), (2, ACTIVATIONS)])
def test_every_weight_and_activation_has_its_row(tables: list[list[list[str]]], number: int, known: Any) -> None:
    rows = tables[number][1:]
    assert [row[0] for row in rows] == [row.name for row in known]
    assert [row[1] for row in rows] == ["[" + ", ".join(row.axes.split()) + "]" for row in known]
    for row, given in zip(rows, known, strict=True):
        assert row[2].count(",") == row[1].count(",")
        # In words, or as the switch that is set; what every model has needs nothing.
        assert (row[3] == "all") is not bool(given.needs)
        assert not re.search(r"one_input|own_keys|norm_|pos_embed", row[3])


def test_the_names_of_papers_turned_into_ours() -> None:
    """W_QK is the same in both conventions, W_OV is turned over: with their matrices as ours transposed."""
    q, k, v, o = (getattr(MODEL, name)[0, 1] for name in ("W_Q", "W_K", "W_V", "W_O"))
    their_q, their_k, their_v, their_o = q.T, k.T, v.T, o.T
    np.testing.assert_array_equal(their_q.T @ their_k, q @ k.T)
    np.testing.assert_allclose(their_o @ their_v, (v @ o).T, rtol=1e-5, atol=1e-6)


def sections(text: str) -> dict[str, str]:
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_hooks_and_weights_at_a_glance_are_those_of_the_table() -> None:
    shapes = {row.name: row.axes.split() for row in (*WEIGHTS, *ACTIVATIONS)}
    told = re.findall(r"^- \*\*(?:Hook|Weight)\*\*: `([^`]+)` `\[([^\]]+)\]`", GLANCE, re.MULTILINE)
    assert len(told) > 10
    for name, axes in told:
        assert shapes[name] == axes.split(", "), name


def test_each_idea_has_its_lines() -> None:
    for heading, text in sections(GLANCE).items():
        assert text.count("```formula") == 1, heading
        for line in ("Read it", "Mistake"):
            assert f"- **{line}**: " in text, heading
        assert re.search(r"- \*\*(Hook|Shape)\*\*", text), heading
        assert len(text.split()) < 150, heading


def test_what_stands_beside_read_it_runs() -> None:
    setup = re.findall(r"```python\n(.*?)```", GLANCE, re.DOTALL)
    names: dict[str, Any] = {
        "composition_scores": composition_scores,
        "full_k_composition": full_k_composition,
        "head_scores": head_scores,
    }
    exec(setup[0], names)
    found = {
        heading: eval(code, names)
        for heading, text in sections(GLANCE).items()
        for code in re.findall(r"^- \*\*Read it\*\*: `([^`]+)`", text, re.MULTILINE)
    }
    cfg = MODEL.cfg
    shapes = {heading: np.shape(value) for heading, value in found.items()}
    assert shapes["Query"] == (cfg.d_head,)
    assert shapes["Key"] == shapes["Value"] == (7, cfg.d_head)
    assert shapes["Scores and pattern"] == (7,)
    assert found["Scores and pattern"].sum() == pytest.approx(1)
    assert shapes["Output of a head"] == (cfg.d_model,)
    assert shapes["QK circuit"] == shapes["OV circuit"] == shapes["Induction"] == (cfg.d_vocab, cfg.d_vocab)
    assert shapes["Composition"] == (cfg.n_heads, cfg.n_heads)
    # The formula of the match, and what it says of the diagonal.
    off = found["Induction"][~np.eye(cfg.d_vocab, dtype=bool)]
    assert np.diagonal(found["Induction"])[1:].mean() > off.mean() + 3 * off.std()
    assert np.asarray(names["model"].QK[0, 1].AB).shape == (cfg.d_model, cfg.d_model)


def test_definitions_name_functions_that_exist() -> None:
    for name in (
        "repeated_tokens", "head_scores", "value_weighted_attention", "copying_of_run", "copying_eigenvalues",
        "composition_scores", "loss_on_repeats", "in_context_learning", "logit_attribution", "zero_heads",
        "mean_heads", "keep_patterns", "activation_patching", "path_patching", "composition_test",
    ):  # fmt: skip
        assert f"`{name}" in DEFINITIONS
        assert name in circuits.__all__


def test_every_definition_says_how_it_misleads_or_why_it_is_so() -> None:
    for entry in re.split(r"^### ", DEFINITIONS, flags=re.MULTILINE)[1:]:
        assert re.search(r"^(Trap|Why|Ours)", entry, re.MULTILINE), entry[:40]


def test_the_figures_of_the_definitions() -> None:
    _, run = render(FOLDER / "definitions.md")
    assert run.errors == []
    names = run.namespace
    perfect, english = names["perfect"], names["english"]
    # block is 31 in the context of 64; this head rests on BOS.
    assert perfect.induction == pytest.approx(1)
    assert perfect.stripe == pytest.approx(32 / 33, abs=1e-4)
    # n different tokens; about 2 / n - 1 without preference.
    assert english.copying > 2 / 32 - 1 + 0.2
    assert names["best"].copying > 2 / 32 - 1 + 0.2
    assert english.copying_eigenvalues > 0.99 > 0 > english.copying
    k = names["k"]
    assert k.scores[0, 1, 1, 1] < 2 * k.baseline.mean
    assert k.scores[0, 1, 1, 1] == np.nanmax(k.scores)
    tested = names["tested"]
    assert (tested["by-hand"].without["k"], tested["by-hand"].without["q"]) == pytest.approx((0, 1), abs=1e-4)
    assert all(test.ablated < 0.05 for test in tested.values())
    assert tested["text-2l"].without["k"] < 0.3 < 0.6 < tested["text-2l"].without["q"]
    two_ways = tested["induction-2l"].without
    assert min(two_ways["k"], two_ways["q"]) > 0.8
    assert two_ways["qkv"] < 0.05


def test_each_paper_has_a_title_two_sentences_and_an_address() -> None:
    entries = [part for part in PAPERS.split("\n\n") if part.startswith("**")]
    assert len(entries) > 20
    for entry in entries:
        head, *rest = entry.splitlines()
        assert re.match(r"\*\*[^*]+\*\*", head), head
        assert len(re.findall(r"[.?]( |$)", " ".join(rest[:-1]))) == 2, head
        assert re.fullmatch(r"\[[^\]]+\]\(https://[^)\s]+\)", rest[-1]), head
        arxiv = re.search(r"arXiv (\d{4}\.\d{5})", rest[-1])
        assert (arxiv is None) is ("arxiv.org" not in rest[-1]), head
        if arxiv:
            assert rest[-1].endswith(f"(https://arxiv.org/abs/{arxiv[1]})")
            year = re.search(r"\((\d{4})\)", head)
            assert year
            assert year[1][2:] == arxiv[1][:2]


def test_papers_that_the_lessons_name_are_listed() -> None:
    lessons = "".join(path.read_text(encoding="utf-8") for path in (DOCS / "lessons").glob("*.md"))
    named = set(re.findall(r"(\w+)(?: and others| et al\.)", lessons)) | {"Hanna", "Heimersheim"}
    assert {name for name in named if name not in PAPERS} == set()
