"""Writes a checkpoint with TransformerLens: ``python -m tests.parity.lens_checkpoint`` in the parity environment.

It is exported by the very lines that ``docs/playground/your-own-model.md`` gives; ``expected.npz`` holds tokens, logits
and the patterns of every layer ``[l, h, q, k]`` as TransformerLens computes them.
"""

from __future__ import annotations

import contextlib
import re
import warnings
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import torch

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from transformer_lens import HookedTransformer, HookedTransformerConfig

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "playground" / "your-own-model.md"
FOLDER = Path(__file__).with_name("fixtures") / "lens-checkpoint"
SIZES: dict[str, Any] = {
    "n_layers": 2, "d_model": 24, "n_ctx": 32, "d_head": 6, "n_heads": 4, "d_mlp": 40, "act_fn": "gelu_new",
    "normalization_type": "LN",
}  # fmt: skip


def lines(title: str) -> str:
    """The page's code of this title: at most five lines behind the imports, as readers are promised."""
    text = PAGE.read_text(encoding="utf-8")
    found: list[str] = re.findall(rf'^```python title="{title}"\n(.*?)^```$', text, re.DOTALL | re.MULTILINE)
    assert len(found) == 1
    code = [line for line in found[0].splitlines() if line and not line.startswith(("import", "from"))]
    assert len(code) <= 5
    return found[0]


def random_lens(tokenizer: Any = None, **changes: Any) -> Any:
    """A model of TransformerLens with random weights, biases and norms too."""
    vocab = {"d_vocab": 50 if tokenizer is None else len(tokenizer)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        config = HookedTransformerConfig(**{**SIZES, **vocab, **changes}, device="cpu")
        model = HookedTransformer(config, tokenizer)
    torch.manual_seed(0)
    with torch.no_grad():
        for name, tensor in model.named_parameters():
            tensor.copy_(torch.randn_like(tensor) / 3 + float(name.endswith(".w")))
    return model


def expected(model: Any, tokens: Any) -> dict[str, Any]:
    """Tokens, logits and patterns as TransformerLens computes them."""
    with torch.no_grad():
        logits, cache = model.run_with_cache(torch.as_tensor(tokens))
    patterns = np.stack([cache["pattern", layer][0].numpy() for layer in range(model.cfg.n_layers)])
    return {"tokens": np.asarray(tokens), "logits": logits.numpy(), "patterns": patterns}


def main() -> None:
    model = random_lens()
    FOLDER.mkdir(exist_ok=True)
    # Without its last line: this model has no tokenizer.
    code = lines("TransformerLens").replace('model.tokenizer.save_pretrained(".")\n', "")
    with contextlib.chdir(FOLDER), mock.patch.object(HookedTransformer, "from_pretrained", return_value=model):
        exec(compile(code, str(PAGE), "exec"), {})  # the page's own code
    tokens = np.random.default_rng(0).integers(0, 50, (1, 32))
    np.savez_compressed(FOLDER / "expected.npz", **expected(model, tokens))


if __name__ == "__main__":
    main()
