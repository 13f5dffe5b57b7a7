"""`run_with_cache` side by side with TransformerLens and plain torch: one thread, one run, alternating.

Runs in the environment of the parity tests and writes JSON to the path that it is given.
"""

import json
import os
import statistics
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

# Before numpy and torch are imported, which read these once.
os.environ |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")

import numpy as np
import torch
from torch.nn import functional

from circuit_explainer.core import Config, Transformer, weight_shapes

with warnings.catch_warnings():
    # 3.9 announces the end of HookedTransformer, and its imports warn about packages we do not use.
    warnings.simplefilter("ignore")
    from transformer_lens import HookedTransformer, HookedTransformerConfig

POSITIONS = 64
ROUNDS = 15
IN_A_ROW = 5  # so that most runs find the processor's caches as they left them
SHAPES: dict[str, dict[str, Any]] = {
    "2 layers, d_model 64": {
        "n_layers": 2, "d_model": 64, "n_ctx": 64, "d_head": 32, "n_heads": 2, "d_vocab": 64,
        "attn_only": True, "normalization_type": None,
    },
    "4 layers, d_model 256, MLP": {
        "n_layers": 4, "d_model": 256, "n_ctx": 64, "d_head": 32, "n_heads": 8, "d_vocab": 1000,
        "d_mlp": 1024, "act_fn": "gelu_new", "normalization_type": "LN",
    },
    "2 layers of GPT-2's width, 5000 words": {
        "n_layers": 2, "d_model": 768, "n_ctx": 64, "d_head": 64, "n_heads": 12, "d_vocab": 5000,
        "d_mlp": 3072, "act_fn": "gelu_new", "normalization_type": "LN",
    },
}  # fmt: skip


def main(path: Path) -> None:
    """Measure, print, write JSON."""
    torch.set_num_threads(1)
    rows = {name: compare(Config.from_dict(shape)) for name, shape in SHAPES.items()}
    for name, row in rows.items():
        print(
            f"{name:34} numpy {row['numpy_ms']:7.2f} ms   TransformerLens {row['transformer_lens_ms']:7.2f} ms "
            f"({row['times_faster_than_transformer_lens']:.1f} times ours)   "
            f"torch {row['torch_ms']:7.2f} ms (ours is {row['times_torch']:.2f} times that)"
        )
    path.write_text(json.dumps(rows, indent=1) + "\n")


def compare(cfg: Config) -> dict[str, float]:
    """Medians of alternating runs of the same weights on the same tokens, and their ratios round by round."""
    rng = np.random.default_rng(0)
    weights = {name: _draw(rng, name, shape) for name, shape in weight_shapes(cfg).items()}
    tokens = rng.integers(0, cfg.d_vocab, (1, POSITIONS))
    ours, theirs = Transformer(cfg, weights), transformer_lens(cfg, weights)
    tensor = torch.from_numpy(tokens)
    plain = {name: torch.from_numpy(array) for name, array in weights.items()}
    runs: dict[str, Callable[[], Any]] = {
        "numpy": lambda: ours.run_with_cache(tokens)[0],
        "transformer_lens": lambda: theirs.run_with_cache(tensor)[0].numpy(),
        "torch": lambda: plain_torch(cfg, plain, tensor).numpy(),
    }
    with torch.no_grad():
        expected = runs["transformer_lens"]()
        for run in runs.values():  # a first run of each, which must give the same logits, is not timed
            np.testing.assert_allclose(run(), expected, rtol=1e-3, atol=1e-3 * np.abs(expected).max())
        times: dict[str, list[float]] = {name: [] for name in runs}
        for _ in range(ROUNDS):
            for name, run in runs.items():
                times[name].append(statistics.median(_milliseconds(run) for _ in range(IN_A_ROW)))
    ratio = [lens / mine for lens, mine in zip(times["transformer_lens"], times["numpy"], strict=True)]
    behind = [mine / bare for mine, bare in zip(times["numpy"], times["torch"], strict=True)]
    return {
        **{f"{name}_ms": statistics.median(spent) for name, spent in times.items()},
        "times_faster_than_transformer_lens": statistics.median(ratio),
        "times_torch": statistics.median(behind),
    }


def _milliseconds(run: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    run()
    return 1000 * (time.perf_counter() - begun)


def transformer_lens(cfg: Config, weights: dict[str, np.ndarray[Any, Any]]) -> Any:
    """The same model in TransformerLens, in evaluation mode."""
    fields = {name: value for name, value in cfg.to_dict().items() if value is not None}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        given = {**fields, "normalization_type": cfg.normalization_type, "device": "cpu"}
        known = HookedTransformerConfig.__dataclass_fields__
        model = HookedTransformer(HookedTransformerConfig(**{k: v for k, v in given.items() if k in known}))
    model.load_state_dict({name: torch.from_numpy(array) for name, array in weights.items()}, strict=False)
    return model.eval()


def plain_torch(cfg: Config, w: dict[str, torch.Tensor], tokens: torch.Tensor) -> torch.Tensor:
    """The logits in as few torch calls as a model without hooks would make."""
    x = w["embed.W_E"][tokens] + w["pos_embed.W_pos"][: tokens.shape[1]]
    for layer in range(cfg.n_layers):
        block = f"blocks.{layer}."
        a = {name: w[f"{block}attn.{name}"] for name in ("W_Q", "W_K", "W_V", "W_O", "b_Q", "b_K", "b_V", "b_O")}
        y = _norm(cfg, w, f"{block}ln1", x)
        q, k, v = (torch.einsum("bpd,hde->bhpe", y, a[f"W_{n}"]) + a[f"b_{n}"][:, None] for n in "QKV")
        z = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + torch.einsum("bhpe,hed->bpd", z, a["W_O"]) + a["b_O"]
        if not cfg.attn_only:
            y = _norm(cfg, w, f"{block}ln2", x) @ w[f"{block}mlp.W_in"] + w[f"{block}mlp.b_in"]
            x = x + functional.gelu(y, approximate="tanh") @ w[f"{block}mlp.W_out"] + w[f"{block}mlp.b_out"]
    return _norm(cfg, w, "ln_final", x) @ w["unembed.W_U"] + w["unembed.b_U"]


def _norm(cfg: Config, w: dict[str, torch.Tensor], name: str, x: torch.Tensor) -> torch.Tensor:
    if cfg.normalization_type is None:
        return x
    return functional.layer_norm(x, (cfg.d_model,), w[f"{name}.w"], w[f"{name}.b"], cfg.eps)


def _draw(rng: np.random.Generator, name: str, shape: tuple[int, ...]) -> np.ndarray[Any, Any]:
    drawn = rng.standard_normal(shape, np.float32) * np.float32(0.8 / np.sqrt(shape[-2] if len(shape) > 1 else 4))
    return np.asarray(drawn + 1 if name.endswith("ln1.w") else drawn)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
