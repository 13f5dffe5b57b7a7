"""What public docstrings must say: errors, sources, fields, values; and that the modules they name exist."""

import dataclasses
import pkgutil
import re

import pytest

from circuit_explainer.circuits.patching import SITES
from circuit_explainer.circuits.table import SCORES
from tests.docs.public import PACKAGE, ROOT, classes, documented, public, raised

# What these give on is known to hold by then: factors that fit, weights and dtypes that were checked.
CANNOT_FAIL = {
    "core.matrices.factored.FactoredMatrix.T",
    "core.matrices.factored.FactoredMatrix.make_even",
    "core.matrices.stacked.StackedWeights.QK",
    "core.matrices.stacked.StackedWeights.OV",
    "training.trainer.Trainer.model",
    "training.state.save",
}
LENS = "Nanda and Bloom, 2022"
ELHAGE, OLSSON, WANG = "Elhage et al. (2021)", "Olsson et al. (2022)", "Wang et al. (2022)"
# Who is to be named in the Source of a public name, by its last part.
SOURCES = {
    "Config": LENS, "Transformer": "Vaswani et al. (2017)", "ActivationCache": LENS, "HookPoint": LENS,
    "FactoredMatrix": LENS, "get_act_name": LENS, "core.load.load": LENS, "BPETokenizer": "Sennrich et al. (2016)",
    "logit_attrs": ELHAGE,
    "circuits.scores.previous_token": ELHAGE, "circuits.scores.duplicate_token": WANG,
    "circuits.scores.induction": OLSSON, "circuits.scores.stripe": LENS, "induction_targets": OLSSON,
    "head_scores": OLSSON, "repeated_tokens": OLSSON, "RepeatedTokens": OLSSON, "repeats.loss_on_repeats": OLSSON,
    "copying_of_run": OLSSON, "copying_eigenvalues": ELHAGE, "eigenvalue_score": ELHAGE,
    "qk": ELHAGE, "ov": ELHAGE, "full_qk": ELHAGE, "full_ov": ELHAGE, "positional_qk": ELHAGE,
    "value_weighted_attention": "Kobayashi et al. (2020)",
    "composition_scores": ELHAGE, "random_composition": ELHAGE, "full_k_composition": ELHAGE,
    "logit_attribution": ELHAGE, "next_token_attribution": ELHAGE, "source_attribution": ELHAGE,
    "logit_lens": "nostalgebraist (2020)", "zero_heads": "Michel et al. (2019)", "mean_heads": WANG,
    "keep_patterns": OLSSON, "ablation_test": OLSSON, "ablate_each": OLSSON,
    "composition_test": "Goldowsky-Dill et al. (2023)", "logit_difference": WANG,
    "activation_patching": "Meng et al. (2022)", "each_patch": "Meng et al. (2022)", "path_patching": WANG,
    "in_context_learning": OLSSON,
    "Recipe": "Loshchilov and Hutter (2019)", "Schedule": "Loshchilov and Hutter (2017)",
    "RepeatedBlocks": OLSSON, "repeated_blocks": OLSSON, "AssociativeRecall": "Ba et al. (2016)",
    "Copying": "Graves et al. (2014)", "MarkovText": "Shannon (1948)", "ModularAddition": "Nanda et al. (2023)",
}  # fmt: skip


def test_what_can_be_raised_is_told() -> None:
    silent = {}
    for name, (doc, functions, cls) in documented().items():
        errors = set().union(*(raised(function, cls) for function in functions))
        told = {error for error in errors if "aises" in doc and any(c.__name__ in doc for c in error.__mro__[:-2])}
        if errors - told:
            silent[name.removeprefix(f"{PACKAGE}.")] = errors - told
    assert silent.keys() == CANNOT_FAIL


@pytest.mark.parametrize("name", SOURCES)
def test_the_source_is_named(name: str) -> None:
    docs = [doc for full, (doc, _, _) in documented().items() if full.endswith(f".{name}")]
    assert len(docs) == 1
    source = re.search(r"^ *Source: (.*?)(\n\n|\Z)", docs[0], re.S | re.M)
    assert source is not None
    assert SOURCES[name] in re.sub(r"\s+", " ", source[1])


def test_every_field_of_a_class_of_data_is_told() -> None:
    missing = {
        f"{name}.{field.name}"
        for name, cls in classes().items()
        if dataclasses.is_dataclass(cls)
        for field in dataclasses.fields(cls)
        if field.init and not field.name.startswith("_")
        # In the text as `name` or ``name [b, p]``, or among the Args.
        if not re.search(rf"`{field.name}\b|^ +[\w, ]*\b{field.name}\b[\w, ]*:", cls.__doc__ or "", re.M)
    }
    assert missing == set()


def test_the_values_of_choices_are_told() -> None:
    docs = {name.rpartition(".")[2]: found.__doc__ or "" for name, found in public().items()}
    sites = docs["activation_patching"]
    assert all(f'"{word}"' in sites for word in {*SITES, *(axis for axes in SITES.values() for axis in axes)})
    assert all(f"``{score}``" in docs["HeadScores"] for score in SCORES)


def test_modules_that_are_named_exist() -> None:
    """``core.files.header`` and its like, in docstrings and comments."""
    named = set()
    for path in (ROOT / "src").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        named |= set(re.findall(r"``((?:core|circuits|training|zoo|charts|exhibits)(?:\.\w+)+)``", text))
    assert "core.table.LETTERS" in named
    for name in named:
        pkgutil.resolve_name(f"{PACKAGE}.{name}")
