"""The complete TransformerLens program (3.9, ``HookedTransformer``) that computes what a view shows.

It has no numbers of ours in it but the tokens: it opens the model's file, runs it, and prints `result`.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence

from circuit_explainer.circuits.repeats import some_repeats
from circuit_explainer.circuits.scores import SEQUENCES
from circuit_explainer.core import Transformer
from circuit_explainer.core.arrays import Array
from circuit_explainer.workbench.playground.hooks import index
from circuit_explainer.workbench.playground.interventions import Intervention, sentence

INDENT = "    "
WIDTH = 100
# Names that a program may use, and the line that brings each.
IMPORTS = {
    r"\bjson\.": "import json",
    r"\bnp\.": "import numpy as np",
    r"\btorch\.": "import torch",
    r"\bsafe_open\b": "from safetensors import safe_open",
    r"\bload_file\b": "from safetensors.torch import load_file",
    r"\bHookedTransformer\b": "from transformer_lens import HookedTransformer, HookedTransformerConfig",
    r"\bget_act_name\b": "from transformer_lens.utilities import get_act_name",
}
# Comments, and what stands in quotation marks.
WORDS = re.compile(r"""(['"])(?:\\.|(?!\1).)*\1|#.*""")


def program(about: str, *parts: Sequence[str]) -> str:
    """Join parts, each with an empty line behind it; in front, what it is about and the imports that it needs."""
    body = "\n".join("\n".join([*part, ""]) for part in parts if part)
    named = WORDS.sub("", body)  # a reader's text or file name may hold any name
    wanted = [line for name, line in IMPORTS.items() if re.search(name, named)]
    own, others = [line for line in wanted if line == "import json"], [line for line in wanted if line != "import json"]
    lines = [f"# {about}", *own, *([""] if own else []), *others, "", "torch.set_grad_enabled(False)", ""]
    return "\n".join([*lines, body])


def opened(name: str, model: Transformer, own: bool) -> list[str]:
    """Open the model: a shipped file tells its config, that of a reader's own file is written out."""
    if own:
        # Only what differs from the defaults of TransformerLens too.
        config = ", ".join(f"{key}={value!r}" for key, value in model.cfg.to_dict().items() if value is not None)
        start = [
            "# The file must have TransformerLens's names, as circuit_explainer.load(...).save(...) writes them.",
            f"weights = {{key: array.float() for key, array in load_file({_file(name)!r}).items()}}",
            *_wrapped("config = dict(", config, ")"),
        ]
    else:
        start = [
            "# The file is in the package circuit_explainer, in zoo/models.",
            f'with safe_open("{_file(name)}", "pt") as file:',
            f'{INDENT}config = json.loads(file.metadata()["model"])["config"]',
            f"{INDENT}weights = {{key: file.get_tensor(key).float() for key in file.keys()}}",
        ]
    return [
        *start,
        'model = HookedTransformer(HookedTransformerConfig(**config, device="cpu"))',
        "model.load_state_dict(weights, strict=False)  # masks and biases of zero are not in the file",
    ]


def tokens(name: str, ids: Array, text: str) -> list[str]:
    """Set a name to the tokens [1, p] of a text, which stands beside them as a comment on one line."""
    # As a string's repr every sign of the reader's text stays inside the comment.
    shown = text if len(text) <= WIDTH else f"{text[:WIDTH]}…"
    return [
        f"# {shown!r}",
        *_wrapped(f"{name} = torch.tensor([[", ", ".join(map(str, ids[0])), "]])"),
    ]


def repeats(model: Transformer) -> list[str]:
    """Set `tokens` to the random tokens, repeated behind BOS, on which heads are scored; `block` is their number."""
    given = some_repeats(model, SEQUENCES)
    vocab, size = model.cfg.d_vocab - 1, f"({SEQUENCES}, {{}})"
    if given.block < model.cfg.d_vocab:
        all_tokens = f"np.tile(np.arange({vocab}), ({SEQUENCES}, 1))"
        drawn = f"np.random.default_rng(0).permuted({all_tokens}, axis=1)[:, :block]"
    else:
        drawn = f"np.random.default_rng(0).integers(0, {vocab}, {size.format('block')})"
    return [
        f"# {SEQUENCES} sequences of random tokens, each twice, behind the token of the beginning",
        f"block = {given.block}",
        f"drawn = {drawn}",
        f"drawn = drawn + (drawn >= {model.bos})",
        f"bos = np.full(({SEQUENCES}, 1), {model.bos})",
        "tokens = torch.tensor(np.concatenate([bos, drawn, drawn], axis=1))",
    ]


def edits(interventions: Iterable[Intervention], model: Transformer) -> list[str]:
    """Fill the list `hooks`, in the order of the interventions; `clean` and `other` are caches."""
    lines = ["hooks = []"]
    for number, one in enumerate(interventions, 1):
        value = "mlp_out" if one.head is None and one.kind == "zero" else one.site
        at = ":, " if one.site == "pattern" else ":, :, "
        place = f"{at}{index(one, model.cfg)}" if one.head is not None else ":"
        does = {
            "zero": f"{value}[{place}] = 0",
            "mean": f"{value}[{place}] = clean[hook.name][{place}].mean(dim=(0, 1))",
            "patch": f"{value}[{place}] = other[hook.name][{place}]",
            "freeze": f"{value}[:] = clean[hook.name]",
        }[one.kind]
        adds = f'hooks.append((get_act_name("{one.site}", {one.layer}), edit_{number}))'
        if one.kind == "freeze":
            layers = f"range({one.layer}, model.cfg.n_layers)"
            adds = f'hooks += [(get_act_name("{one.site}", layer), edit_{number}) for layer in {layers}]'
        lines += [
            "", f"# {number}. {sentence(one, model.cfg)}", f"def edit_{number}({value}, hook):", f"{INDENT}{does}",
            f"{INDENT}return {value}", "", adds,
        ]  # fmt: skip
    return lines


def clean_run(lines: Sequence[str]) -> list[str]:
    """Run the model as it is, for a view with these lines."""
    if re.search(r"\bclean(_logits)?\b", "\n".join(lines)):
        return ["clean_logits, clean = model.run_with_cache(tokens)", "logits, cache = clean_logits, clean"]
    return ["logits, cache = model.run_with_cache(tokens)"]


def compared(lines: Sequence[str]) -> list[str]:
    """Run the model with the hooks too, and set `result` to the view's numbers of both runs and their difference."""
    return [
        "with model.hooks(fwd_hooks=hooks):",
        f"{INDENT}logits, cache = model.run_with_cache(tokens)",
        "",
        "def view(logits, cache):",
        *(f"{INDENT}{line}" if line else "" for line in lines),
        f"{INDENT}return result",
        "",
        "before, after = view(clean_logits, clean), view(logits, cache)",
        "result = torch.stack([before, after, after - before])  # clean, intervened, difference",
    ]


def _file(name: str) -> str:
    return name if name.endswith(".safetensors") else f"{name}.safetensors"


def _wrapped(start: str, inside: str, end: str) -> list[str]:
    """One line, or several where it would be long."""
    line = f"{start}{inside}{end}"
    if len(line) <= WIDTH:
        return [line]
    indented = textwrap.wrap(inside, WIDTH, initial_indent=INDENT, subsequent_indent=INDENT)
    return [start, *indented, end]
