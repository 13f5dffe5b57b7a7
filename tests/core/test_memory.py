"""What opening a large file needs at most, measured from outside by a process of its own."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from circuit_explainer.core import Config, weight_shapes
from circuit_explainer.core.files.safetensors import write_safetensors

CODE = """
import re, sys
from pathlib import Path
from circuit_explainer.core import load
import circuit_explainer.core.checkpoints.gpt2, circuit_explainer.core.checkpoints.lens

def highest():
    # Not getrusage: its figure begins with that of the process that started this one.
    return int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])

before = highest()
model = load(sys.argv[1])
print(highest() - before)
"""
WIDE: dict[str, Any] = {"n_layers": 4, "d_model": 512, "n_ctx": 128, "d_head": 64, "n_heads": 8, "d_vocab": 4000}


def peak(path: Path) -> int:
    """Bytes by which the largest resident size grew while the file was opened."""
    done = subprocess.run([sys.executable, "-c", CODE, str(path)], check=True, capture_output=True, text=True)
    return int(done.stdout) * 1024


def stored(path: Path, tensors: dict[str, Any], dtype: str, fields: dict[str, Any]) -> int:
    """Write a checkpoint in a dtype, bfloat16 too; gives the bytes of its numbers as float32."""
    if dtype == "bfloat16":
        raw = {name: (array.astype("<f4").view("<u4") >> 16).astype("<u2") for name, array in tensors.items()}
        header, stop = {}, 0
        for name, array in raw.items():
            start, stop = stop, stop + array.nbytes
            header[name] = {"dtype": "BF16", "shape": array.shape, "data_offsets": [start, stop]}
        text = json.dumps(header).encode()
        with path.open("wb") as file:
            file.write(len(text).to_bytes(8, "little") + text)
            for array in raw.values():
                file.write(array.tobytes())
    else:
        write_safetensors(path, {name: array.astype(dtype) for name, array in tensors.items()})
    path.with_name("config.json").write_text(json.dumps(fields), encoding="utf-8")
    return sum(4 * array.size for array in tensors.values())


@pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="tells the largest size on Linux only")
@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16"])
@pytest.mark.parametrize("kind", ["attention only", "gpt2"])
def test_each_number_is_held_once(tmp_path: Path, kind: str, dtype: str) -> None:
    generator = np.random.default_rng(0)
    if kind == "gpt2":
        fields = {"model_type": "gpt2", "n_layer": 5, "n_embd": 512, "n_head": 8, "n_positions": 64, "vocab_size": 4000}
        layer = {
            "ln_1.weight": (512,), "ln_1.bias": (512,), "attn.c_attn.weight": (512, 1536), "attn.c_attn.bias": (1536,),
            "attn.c_proj.weight": (512, 512), "attn.c_proj.bias": (512,), "ln_2.weight": (512,), "ln_2.bias": (512,),
            "mlp.c_fc.weight": (512, 2048), "mlp.c_fc.bias": (2048,), "mlp.c_proj.weight": (2048, 512),
            "mlp.c_proj.bias": (512,),
        }  # fmt: skip
        shapes: dict[str, tuple[int, ...]] = {"wte.weight": (4000, 512), "wpe.weight": (64, 512)}
        shapes |= {f"h.{n}.{name}": shape for n in range(5) for name, shape in layer.items()}
        shapes |= {"ln_f.weight": (512,), "ln_f.bias": (512,)}
    else:
        # Attention makes up most of it: nothing hides a second copy of queries, keys and values.
        fields = Config(**{**WIDE, "n_layers": 12}, attn_only=True).to_dict()
        shapes = weight_shapes(Config.from_dict(fields))
    tensors = {name: generator.standard_normal(shape, np.float32) for name, shape in shapes.items()}
    size = stored(tmp_path / "model.safetensors", tensors, dtype, fields)
    assert size > 60_000_000
    ratio = peak(tmp_path / "model.safetensors") / size
    print(f"{kind}, {dtype}: {ratio:.2f} of {size / 1e6:.0f} MB")
    # Measured 1.05 to 1.12: the weights, a piece of the file, a mask of the largest tensor.
    assert ratio < 1.3
