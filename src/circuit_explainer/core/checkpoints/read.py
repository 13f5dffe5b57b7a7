"""The weights of a checkpoint under TransformerLens's keys, each tensor read straight into its final place."""

from __future__ import annotations

import re
from collections.abc import Collection, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from circuit_explainer.core.arrays import Array
from circuit_explainer.core.checkpoints.kinds import kind_of
from circuit_explainer.core.checkpoints.source import Source, Stored
from circuit_explainer.core.checkpoints.table import Part, Row, left_out, parts
from circuit_explainer.core.config import Config
from circuit_explainer.core.files.safetensors import check_dtype, filling
from circuit_explainer.core.run.packed import room

_HEAD = "unembed.W_U"
# Numbers in the tables of rotary positions: 512 MB of float32. No tensor of the file bounds them.
_MOST_TURNS = 1 << 26


@dataclass(frozen=True)
class Plan:
    """What of a checkpoint goes where: its parts, the dtype of the weights, and whether the unembedding is tied."""

    parts: list[Part]
    dtype: type[np.floating[Any]]
    tied: bool


def plan(source: Source, cfg: Config, tied: bool | None = None) -> Plan:
    """How all weights that ``weight_shapes(cfg)`` names are read: float32, or float64 if a tensor is.

    Args:
        source: the checkpoint.
        cfg: its config.
        tied: whether the unembedding is the embedding turned; None goes by whether there is a tensor for it.

    Raises:
        ValueError: a tensor is missing, unknown, or of another shape or dtype than the config asks for.
    """
    where = source.path.name
    kind, prefix = kind_of(source.tensors, where)
    _check_lengths(cfg, len(source.tensors), where)
    names = {name for name in source.tensors if not kind.SKIPPED.fullmatch(name.removeprefix(prefix))}
    wanted = parts(cfg, kind.ROWS, prefix)
    if kind.HEAD is None:
        tied = False
    else:
        if tied is None:
            tied = kind.HEAD not in names
        if tied:
            names.discard(kind.HEAD)
        else:
            wanted += parts(cfg, [Row(kind.HEAD, "v d", _HEAD)], "")
    wanted = _present(wanted, names, where)
    for part in wanted:
        _check(part, source.tensors[part.source])
    double = any(source.tensors[part.source].entry.dtype == "F64" for part in wanted)
    return Plan(wanted, np.float64 if double else np.float32, tied)


def reading(source: Source, cfg: Config, how: Plan) -> Generator[tuple[int, int], None, dict[str, Array]]:
    """The weights, piece by piece; yields the bytes that were read and those that are to be read.

    Raises:
        ValueError: a file ends before its tensors do.
        OSError: a file cannot be opened or read.
    """
    weights = room(cfg, how.dtype, (_HEAD,) if how.tied else ())
    stored = {part: source.tensors[part.source] for part in how.parts}
    done, whole = 0, sum(place.entry.stop - place.entry.start for place in stored.values())
    by_file: dict[Path, list[Part]] = {}
    for part, place in stored.items():
        by_file.setdefault(place.path, []).append(part)
    for path, its_parts in by_file.items():
        with path.open("rb") as file:
            for part in sorted(its_parts, key=lambda part: stored[part].entry.start):
                place = stored[part]
                for read in filling(file, place.begin, part.source, place.entry, part.places(weights)):
                    done += read
                    yield done, whole
    if how.tied:
        weights[_HEAD] = weights["embed.W_E"].T
    return weights


def _check_lengths(cfg: Config, tensors: int, where: str) -> None:
    """Refuse a config whose tables alone, whatever the file holds, would fill the memory."""
    if cfg.n_layers > tensors:
        raise ValueError(f"{where} has {tensors} tensors, too few for the config's n_layers={cfg.n_layers}.")
    if cfg.positional_embedding_type == "rotary" and cfg.n_ctx * (cfg.rotary_dim or 0) > _MOST_TURNS:
        most = _MOST_TURNS // (cfg.rotary_dim or 1)
        raise ValueError(f"{where}: n_ctx={cfg.n_ctx} is more than rotary positions are computed for; use {most}.")


def _present(wanted: list[Part], names: Collection[str], where: str) -> list[Part]:
    """The parts that are there, when these are all that must be and nothing else is."""
    absent = left_out(wanted, names)
    wanted = [part for part in wanted if part.row not in absent]
    missing = [part for part in wanted if part.source not in names]
    unknown = sorted(set(names) - {part.source for part in wanted})
    if missing:
        first = missing[0]
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        split = re.search(r"-\d+-of-\d+\.safetensors$", where)
        fix = (
            "this file is one part of several: open the folder or the .index.json"
            if split
            else f"check that the config is this checkpoint's; it has {', '.join(unknown[:3]) or 'nothing else'}"
        )
        raise ValueError(f"{where}: expected the tensor {first.source} {first.shape}{more} by the config; {fix:.300}.")
    if unknown:
        shown = ", ".join(unknown[:5]) + (f" and {len(unknown) - 5} more" if len(unknown) > 5 else "")
        raise ValueError(f"{where}: expected no other tensors than the config asks for; got {shown:.500}.")
    return wanted


def _check(part: Part, stored: Stored) -> None:
    check_dtype(part.source, stored.entry)
    if stored.entry.shape != part.shape:
        into = " and ".join(part.targets)
        raise ValueError(
            f"{part.source} ({into}): expected shape {part.shape} by the config; got {stored.entry.shape}."
            if part.targets != (part.source,)
            else f"{part.source}: expected shape {part.shape} by the config; got {stored.entry.shape}."
        )
