"""What the core costs, measured alike in CPython (run as a module it prints JSON) and in the browser's Python."""

import dataclasses
import json
import statistics
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np

from circuit_explainer.circuits.scores import scores
from circuit_explainer.core import Config, Transformer, weight_shapes
from circuit_explainer.training import Trainer
from circuit_explainer.training.recipes import LIVE

# Layers, heads and positions; each row changes one of them.
SHAPES = (
    *((2, 4, positions) for positions in (16, 64, 256, 1024)),
    *((layers, 4, 64) for layers in (1, 4, 8)),
    *((2, heads, 64) for heads in (1, 2, 8, 16)),
)


def measure() -> dict[str, Any]:
    """Times in milliseconds and megabytes of arrays, as plain data."""
    return {
        "run_with_cache": [_row(*shape) for shape in SHAPES],
        "scores_ms": _scores(),
        "steps_per_s": _training(),
    }


def random_model(layers: int, heads: int, positions: int) -> Transformer:
    """A model of random weights with d_head 32, d_model 128 and a vocabulary of 64."""
    cfg = Config(
        n_layers=layers, d_model=128, n_ctx=positions, d_head=32, n_heads=heads, d_vocab=64,
        attn_only=True, normalization_type="LN",
    )  # fmt: skip
    rng = np.random.default_rng(0)
    drawn = {name: rng.standard_normal(shape, np.float32) for name, shape in weight_shapes(cfg).items()}
    return Transformer(cfg, {name: array / np.float32(8) for name, array in drawn.items()})


def _row(layers: int, heads: int, positions: int) -> dict[str, float]:
    model = random_model(layers, heads, positions)
    tokens = np.random.default_rng(0).integers(0, 64, (1, positions))
    return {
        "layers": layers,
        "heads": heads,
        "positions": positions,
        "cached_ms": _milliseconds(lambda: model.run_with_cache(tokens)),
        "plain_ms": _milliseconds(lambda: model(tokens)),
        "cached_mb": _megabytes(lambda: model.run_with_cache(tokens)),
        "plain_mb": _megabytes(lambda: model(tokens)),
    }


def _scores() -> float:
    """All heads of 4 layers of 8, at the default length of 64."""
    model = random_model(4, 8, 64)
    return _milliseconds(lambda: scores(model))


def _training() -> float:
    """Steps a second of the recipe that pages train live (11 thousand parameters, batch 16), median of runs of ten."""
    steps = Trainer(dataclasses.replace(LIVE["induction-small"], steps=100_000)).run()
    return 10_000 / _milliseconds(lambda: [next(steps) for _ in range(10)])


def _milliseconds(run: Callable[[], Any]) -> float:
    """The median of at least three runs and of as many as fit into half a second, after one that is not counted."""
    run()
    times: list[float] = []
    begun = time.perf_counter()
    while len(times) < 3 or (time.perf_counter() - begun < 0.5 and len(times) < 200):
        before = time.perf_counter()
        run()
        times.append(1000 * (time.perf_counter() - before))
    return statistics.median(times)


def _megabytes(run: Callable[[], Any]) -> float:
    """The most that Python and numpy held at once during a run, beyond what they held before."""
    tracemalloc.start()
    run()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most / 1e6


if __name__ == "__main__":
    print(json.dumps(measure()))
