"""``python -m circuit_explainer score MODEL.safetensors`` prints what each head of a checkpoint does."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean

from circuit_explainer.circuits.repeats import RepeatedTokens, repeated_tokens
from circuit_explainer.circuits.scores import head_scores
from circuit_explainer.circuits.table import SCORES, HeadScores, HeadTable
from circuit_explainer.core import Transformer, load


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; 0 when it printed the table, 2 with one sentence on stderr when it could not."""
    chosen = _parser().parse_args(arguments)
    try:
        _say(f"Reading {chosen.model} ({chosen.model.stat().st_size / 1e6:.1f} MB)")
        model = load(chosen.model, json.loads(chosen.config.read_text()) if chosen.config else None)
        longest = min(chosen.tokens, model.cfg.n_ctx)
        bos = model.bos if chosen.bos is None else chosen.bos
        given = repeated_tokens(model.cfg.d_vocab, longest, chosen.sequences, chosen.seed, bos=bos)
        rows = score(model, given)
    except OSError as error:
        return _fail(f"{error.filename}: {error.strerror}; check the path.")
    except ValueError as error:
        return _fail(str(error))
    print(json.dumps([dataclasses.asdict(row) for row in rows], indent=1) if chosen.json else rows)
    return 0


def score(model: Transformer, given: RepeatedTokens) -> HeadTable:
    """The scores of every head, sequence by sequence, so that a large model fits and progress can be told."""
    parts = []
    for number, tokens in enumerate(given.tokens, start=1):
        _say(f"Running sequence {number} of {len(given.tokens)}, {len(tokens)} tokens")
        parts.append(head_scores(model, RepeatedTokens(tokens[None], given.block)))
    return HeadTable(
        HeadScores(same[0].layer, same[0].head, *(fmean(getattr(row, name) for row in same) for name in SCORES))
        for same in zip(*parts, strict=True)
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m circuit_explainer", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    command = commands.add_parser("score", help="print the head table of a .safetensors checkpoint")
    command.add_argument("model", type=Path, help="the checkpoint")
    command.add_argument("--config", type=Path, help="its config.json, where it does not lie beside it")
    command.add_argument("--sequences", type=_positive, default=16, help="random sequences, each said twice (16)")
    command.add_argument("--tokens", type=_positive, default=64, help="tokens of a sequence, at most (64)")
    command.add_argument("--seed", type=int, default=0, help="of the random tokens (0)")
    command.add_argument("--bos", type=int, help="the token that begins each sequence (the model's BOS)")
    command.add_argument("--json", action="store_true", help="print JSON instead of a table")
    return parser


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number of at least 1; got {text!r}")
    return int(text)


def _fail(sentence: str) -> int:
    _say(f"error: {sentence}")
    return 2


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
