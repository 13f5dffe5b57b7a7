"""Checkpoints on the disk for these tests: GPT-2's names and random weights, or zeros that take no room."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np

from circuit_explainer.core.files.safetensors import write_safetensors

FIXTURES = Path(__file__).parents[2] / "parity" / "fixtures" / "checkpoints"
# Layers, d_model, heads, vocabulary and context.
SMALL = (12, 768, 12, 50257, 1024)
MEDIUM = (24, 1024, 16, 50257, 1024)
LARGE = (36, 1280, 20, 50257, 1024)
TINY = (2, 32, 4, 101, 64)
Sizes = tuple[int, int, int, int, int]


def random_gpt2(folder: Path, sizes: Sizes = TINY, dtype: str = "float32") -> Path:
    """A checkpoint as ``transformers`` writes it, in a folder of its own."""
    rng = np.random.default_rng(0)

    def drawn(name: str, shape: tuple[int, ...]) -> Any:
        norm = np.float32(name.endswith(("ln_1.weight", "ln_2.weight", "ln_f.weight")))
        return (rng.standard_normal(shape, np.float32) * np.float32(0.05) + norm).astype(dtype)

    folder.mkdir(parents=True, exist_ok=True)
    write_safetensors(folder / "model.safetensors", {name: drawn(name, shape) for name, shape in shapes(sizes).items()})
    return _config(folder, sizes)


def empty_gpt2(folder: Path, sizes: Sizes) -> Path:
    """The same with zeros for weights, as a hole in the file."""
    folder.mkdir(parents=True, exist_ok=True)
    header, stop = {}, 0
    for name, shape in shapes(sizes).items():
        start, stop = stop, stop + 4 * math.prod(shape)
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [start, stop]}
    text = json.dumps(header).encode()
    with (folder / "model.safetensors").open("wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        file.truncate(8 + len(text) + stop)
    return _config(folder, sizes)


def shapes(sizes: Sizes) -> dict[str, tuple[int, ...]]:
    """Of every tensor of a GPT-2, by name."""
    layers, d, _, vocab, context = sizes
    layer = {
        "ln_1.weight": (d,), "ln_1.bias": (d,), "attn.c_attn.weight": (d, 3 * d), "attn.c_attn.bias": (3 * d,),
        "attn.c_proj.weight": (d, d), "attn.c_proj.bias": (d,), "ln_2.weight": (d,), "ln_2.bias": (d,),
        "mlp.c_fc.weight": (d, 4 * d), "mlp.c_fc.bias": (4 * d,), "mlp.c_proj.weight": (4 * d, d),
        "mlp.c_proj.bias": (d,),
    }  # fmt: skip
    found: dict[str, tuple[int, ...]] = {"wte.weight": (vocab, d), "wpe.weight": (context, d)}
    found |= {f"h.{n}.{name}": shape for n in range(layers) for name, shape in layer.items()}
    found |= {"ln_f.weight": (d,), "ln_f.bias": (d,)}
    return {f"transformer.{name}": shape for name, shape in found.items()}


def _config(folder: Path, sizes: Sizes) -> Path:
    layers, width, heads, vocab, context = sizes
    fields = {
        "model_type": "gpt2", "n_layer": layers, "n_embd": width, "n_head": heads, "n_positions": context,
        "vocab_size": vocab, "bos_token_id": vocab - 1, "_name_or_path": "someone/random-gpt2",
    }  # fmt: skip
    (folder / "config.json").write_text(json.dumps(fields), encoding="utf-8")
    return folder
