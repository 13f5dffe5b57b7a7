"""What a model costs in the browser, told from its config: memory, and multiplications of a run.

Measured in Chromium 156: the heap of Python with numpy and this package is 45 MB; a GPT-2 of 124 million parameters
brings it to 575 MB, one of 355 million to 1,557 MB. It grows by at most 96 MB more than is asked for.
"""

from __future__ import annotations

import functools
import math
import time
from collections.abc import Callable

import numpy as np

from circuit_explainer.core.checkpoints.read import Plan
from circuit_explainer.core.config import Config
from circuit_explainer.core.run import ops
from circuit_explainer.core.shapes import activation_shapes, weight_shapes

# Of the 4 GB that a browser's Python can address, half: the page has to live too, and many machines have but 4 GB.
MOST = 2_000_000_000
TOKENS = 32  # of the run whose time is told
_PYTHON = 60_000_000
_GROWTH = 96_000_000


def parameters(plan: Plan) -> int:
    """Numbers that are read of the file; an unembedding that is the embedding turned counts once."""
    return sum(math.prod(part.shape) for part in plan.parts)


def memory(cfg: Config, plan: Plan) -> int:
    """Bytes that Python needs in all: with the model, a run of 32 tokens that keeps every activation, and half of the
    weights of attention once more, as views of OV or QK circuits stack them."""
    shapes = weight_shapes(cfg)
    attention = sum(math.prod(shape) for name, shape in shapes.items() if ".attn." in name)
    kept = sum(math.prod(shape) for shape in activation_shapes(cfg, 1, min(TOKENS, cfg.n_ctx)).values())
    others = attention // 2 + kept + cfg.d_vocab + cfg.n_ctx * (cfg.rotary_dim or 0)
    return _PYTHON + _GROWTH + np.dtype(plan.dtype).itemsize * (parameters(plan) + others)


def multiplications(cfg: Config, tokens: int = TOKENS) -> int:
    """Of one run: each token meets every matrix once, and in each head every other token twice."""
    matrices = (
        math.prod(shape)
        for name, shape in weight_shapes(cfg).items()
        if "W_" in name and not name.endswith(("W_E", "W_pos"))
    )
    return tokens * sum(matrices) + 2 * cfg.n_layers * cfg.n_heads * cfg.d_head * tokens**2


def table_multiplications(cfg: Config) -> int:
    """Of the table of head scores on 32 tokens: a run without logits, and the full OV circuits' way by the stream."""
    return multiplications(cfg) - TOKENS * cfg.d_model * cfg.d_vocab + cfg.d_vocab * cfg.d_model**2


@functools.cache
def speed(clock: Callable[[], float] = time.perf_counter) -> float:
    """Multiplications a second in this Python, from two products of the size of a layer's; measured once."""
    x, w = np.ones((TOKENS, 512), np.float32), np.ones((512, 2048), np.float32)
    times = []
    for _ in range(2):
        begun = clock()
        ops.product(x, w)
        times.append(clock() - begun)
    return x.size * w.shape[1] / max(min(times), 1e-6)
