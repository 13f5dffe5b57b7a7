"""The reference page of the shipped models tells what their facts say."""

import math
import re
from pathlib import Path

import pytest

from circuit_explainer import zoo

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "models.md").read_text(encoding="utf-8")
TEXT = zoo.facts("text-2l")["measured"]


def rows(heading: str) -> list[list[str]]:
    """The cells of the table whose head begins with this cell."""
    lines = PAGE.split(f"| {heading} |", 1)[1].split("\n\n", 1)[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


@pytest.mark.parametrize("row", rows("model"), ids=lambda row: row[0])
def test_the_figures_of_each_model(row: list[str]) -> None:
    name, _, parameters, previous, induction, loss, size = row
    facts = zoo.facts(name.strip("` "))
    heads = facts["measured"]["heads"]
    assert parameters == f"{facts['parameters']:,}"
    best = [max((head[score] for head in heads), default=None) for score in ("previous_token", "induction")]
    assert [previous, induction] == ["–" if score is None else f"{score:.2f}" for score in best]
    assert loss == f"{facts['measured']['loss']['repeats']:.3f}"
    assert size.rstrip("| ") == f"{facts['bytes'] / 1000:.0f} kB"


def test_every_model_has_its_row() -> None:
    assert tuple(row[0].strip("` ") for row in rows("model")) == zoo.names()


def test_how_many_there_are() -> None:
    assert len(zoo.names()) == 11
    assert "description: Eleven small transformers" in PAGE


def test_what_an_even_guess_costs() -> None:
    told = re.search(
        r"even guess costs ([\d.]+) for the induction models, ([\d.]+) for `by-hand` and ([\d.]+) for the two", PAGE
    )
    assert told
    # by-hand gives BOS a share too; the others know that it never comes again.
    sizes = 64 - 1, 33, 97 - 1
    assert told.groups() == tuple(f"{math.log(size):.2f}" for size in sizes)


def test_the_checkpoints() -> None:
    run, facts = zoo.checkpoints("induction-2l"), zoo.facts("induction-2l.checkpoints")
    assert f"the {len(run)} models" in PAGE
    assert f"{sum(100 <= step <= 300 for step in run)} of them lie between step 100 and step 300" in PAGE
    differs = facts["made"]["differs_at_most"]
    assert max(differs["previous_token"], differs["induction"]) < 0.001
    assert max(differs["loss_first"], differs["loss_repeats"]) < 0.005


def test_the_names() -> None:
    def cell(expected: dict[str, object]) -> str:
        character = "space" if expected["character"] == " " else expected["character"]
        return f"{character}, {expected['probability']:.2f}"

    told = [
        [
            row["text"],
            row["right"],
            *(cell(row[f"expected{without}"]) for without in ("", "_without_induction", "_without_previous_token")),
        ]
        for row in TEXT["names"]
    ]
    assert [[cell.rstrip("| ") for cell in row] for row in rows("text")] == told


def test_the_losses_on_english() -> None:
    without = TEXT["english_without"]
    assert f"its loss is {zoo.facts('text-2l')['made']['loss_held_out']:.2f} nats" in PAGE
    assert f"Their loss is {TEXT['english']['repeats']:.2f} nats" in PAGE
    for kind, figures in without.items():
        heads = ", ".join(f"L{name.replace('.', 'H')}" for name in figures["heads"])
        assert re.search(rf"the {kind.replace('_', '-')} heads? {heads} it is {figures['repeats']:.2f}\.", PAGE)
    told = f"from {TEXT['english']['loss']:.2f} to {without['induction']['loss']:.2f} and "
    assert f"{told}{without['previous_token']['loss']:.2f}." in PAGE


def test_what_the_file_of_text_2l_has_of_layer_norm() -> None:
    folded = zoo.facts("text-2l")["made"]["stored_with"]["normalization_type"]
    assert folded == zoo.load("text-2l").cfg.normalization_type
    assert f"its `normalization_type` is `{folded}`" in PAGE


def test_the_model_without_layers() -> None:
    facts = zoo.facts("text-0l")
    made, after = facts["made"], {row["character"]: row["expected"] for row in facts["measured"]["after"]}
    assert f"its loss is {made['loss_held_out']:.3f} nats a character" in PAGE
    assert f"counted on all that it learned from costs {made['bigram_table_held_out']:.3f}" in PAGE
    for character in "qt":
        expected = after[character]
        told = f"fter “{character}” it expects “{expected['character']}”, with {expected['probability']:.2f}"
        assert told in PAGE
