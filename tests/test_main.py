"""The command line: the head table of a checkpoint, and one sentence for what cannot be read."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from circuit_explainer import zoo
from circuit_explainer.__main__ import main
from circuit_explainer.circuits.repeats import repeated_tokens
from circuit_explainer.circuits.scores import head_scores
from circuit_explainer.circuits.table import SCORES
from circuit_explainer.core import load

TRAINED = zoo.directory() / "induction-2l.safetensors"
# Its bos_token_id is 16, and it has no tokenizer.
GPT2 = Path(__file__).parent / "parity" / "fixtures" / "checkpoints" / "gpt2" / "model.safetensors"


def test_the_table_names_every_head_and_its_job(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", str(TRAINED), "--sequences", "2"]) == 0
    told = capsys.readouterr()
    heads = [line.split() for line in told.out.splitlines()[1:]]
    assert [row[0] for row in heads] == ["L0H0", "L0H1", "L1H0", "L1H1"]
    assert float(heads[1][1]) > 0.95  # previous token
    assert float(heads[3][5]) > 0.95  # induction
    assert "Running sequence 2 of 2" in told.err


def test_sequence_by_sequence_gives_the_scores_of_the_whole_batch(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", str(TRAINED), "--sequences", "5", "--tokens", "31", "--seed", "3", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    given = repeated_tokens(64, 31, 5, 3)
    for row, whole in zip(rows, head_scores(zoo.load("induction-2l"), given), strict=True):
        # float32 means in another order.
        assert [row[name] for name in SCORES] == pytest.approx([getattr(whole, name) for name in SCORES], abs=1e-6)


@pytest.mark.parametrize(("option", "bos"), [([], 16), (["--bos", "3"], 3)])
def test_sequences_begin_with_the_checkpoints_bos_or_the_given_one(
    option: list[str], bos: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["score", str(GPT2), "--sequences", "2", "--json", *option]) == 0
    rows = json.loads(capsys.readouterr().out)
    for row, whole in zip(rows, head_scores(load(GPT2), repeated_tokens(17, 11, 2, bos=bos)), strict=True):
        # float32 means in another order.
        assert [row[name] for name in SCORES] == pytest.approx([getattr(whole, name) for name in SCORES], abs=1e-6)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nowhere.safetensors"], "nowhere.safetensors: No such file or directory; check the path."),
        ([__file__], "the file is truncated or not a .safetensors file"),
        ([str(TRAINED), "--bos", "64"], "between 0 and d_vocab - 1 = 63; got 64"),
        ([str(TRAINED), "--tokens", "2"], "repeats * block <= n_ctx"),
    ],
)
def test_what_cannot_be_used_is_one_sentence(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["score", *arguments]) == 2
    error = capsys.readouterr().err.splitlines()[-1]
    assert error.startswith("error: ")
    assert told in error


@pytest.mark.parametrize("option", ["--sequences", "--tokens"])
def test_counts_are_at_least_one(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["score", str(TRAINED), option, "0"])
    assert "expected a whole number of at least 1; got '0'" in capsys.readouterr().err


def test_it_runs_as_a_module(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "circuit_explainer", "score", str(TRAINED), "--sequences", "1"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout.startswith("head ")
