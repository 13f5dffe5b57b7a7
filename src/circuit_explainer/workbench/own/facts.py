"""What is told of a checkpoint before it is loaded; nothing is read for it but headers, config and tokenizer."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from circuit_explainer import zoo
from circuit_explainer.core.checkpoints.kinds import kind_of
from circuit_explainer.core.checkpoints.source import INDEX
from circuit_explainer.core.files.fields import read_object
from circuit_explainer.core.load import Opened, look, tokenizer_of
from circuit_explainer.core.tokenizers.tokenizer import Tokenizer
from circuit_explainer.workbench.own import chosen, costs
from circuit_explainer.workbench.own.words import bytes_of, count_of, time_of
from circuit_explainer.workbench.tools import ToolError

_KINDS = {
    "lens": "a checkpoint of TransformerLens",
    "gpt2": "a GPT-2 checkpoint with the names of Hugging Face",
    "llama": "a checkpoint of the Llama family (Llama, Mistral or Qwen 2) with the names of Hugging Face",
}
_TYPES = {"F16": "float16", "BF16": "bfloat16", "F32": "float32", "F64": "float64"}


@dataclass(frozen=True)
class Facts:
    """A checkpoint, what is told of it, and why it is not loaded if it is too large.

    ``sentences`` are in the order of the page.
    """

    name: str
    sentences: tuple[str, ...]
    refused: str | None
    opened: Opened
    tokenizer: Tokenizer | None


def facts(folder: Path, speed: float | None = None) -> Facts:
    """What there is to know about the checkpoint among the files of a folder.

    Args:
        folder: with the files that the reader chose.
        speed: multiplications a second; by default they are measured.

    Raises:
        ToolError: there is no checkpoint, or it is broken; the sentence says what to do.
    """
    path = chosen.checkpoint(folder)
    try:
        opened = look(path)
    except (ValueError, OSError) as error:
        if "no config.json lies beside it" in str(error):
            raise ToolError(chosen.without_config(folder, path.name)) from error
        named = path.name in str(error) or ".json" in str(error)
        again = " Copy or download it again." if "truncated" in str(error) else ""
        raise ToolError(f"{'' if named else f'{path.name}: '}{error}{again}") from error
    tokenizer, of_text = _tokenizer(opened)
    cfg, plan = opened.described.cfg, opened.plan
    needed, numbers = costs.memory(cfg, plan), costs.parameters(plan)
    refused = _refused(needed, numbers) if needed > costs.MOST else None
    sentences = [_what(opened), _size(opened, numbers)]
    if refused is None:
        speed = speed or costs.speed()
        run, table = (time_of(count(cfg) / speed) for count in (costs.multiplications, costs.table_multiplications))
        sentences += [
            f"It will need about {bytes_of(needed)} of memory; the limit here is {bytes_of(costs.MOST)}.",
            f"A run of {costs.TOKENS} tokens takes {run} on this device, and the table of head scores {table}, once.",
            of_text,
        ]
    unused = _unused(folder, opened)
    if unused:
        sentences.append(f"Not used: {unused}.")
    return Facts(_name(path), tuple(sentences), refused, opened, tokenizer)


def _what(opened: Opened) -> str:
    cfg, source = opened.described.cfg, opened.source
    kind, _ = kind_of(source.tensors, source.path.name)
    told = "a model saved by this site" if opened.about else _KINDS[getattr(kind, "__name__", "").rpartition(".")[2]]
    layers = f"{cfg.n_layers} layer{'s' * (cfg.n_layers != 1)}"
    heads = f"{cfg.n_heads} head{'s' * (cfg.n_heads != 1)}"
    only = " and no MLPs" if cfg.attn_only else ""
    return (
        f"{source.path.name} is {told}: {layers} of {heads}{only}, d_model {cfg.d_model:,}, a vocabulary of "
        f"{cfg.d_vocab:,} and a context of {cfg.n_ctx:,} tokens."
    )


def _size(opened: Opened, numbers: int) -> str:
    stored = opened.source.tensors.values()
    files = sorted({place.path for place in stored})
    size = sum(path.stat().st_size for path in files)
    types = sorted({_TYPES[opened.source.tensors[part.source].entry.dtype] for part in opened.plan.parts})
    several = f" in {len(files)} files" if len(files) > 1 else ""
    widened = "" if types in (["float32"], ["float64"]) else "; they are computed with as " + opened.plan.dtype.__name__
    return f"It has {count_of(numbers)} parameters{several}, {bytes_of(size)} of {' and '.join(types)}{widened}."


def _refused(needed: int, numbers: int) -> str:
    # What such a model takes in all, for each of its numbers.
    fitting = int(numbers * costs.MOST / needed) // 10_000_000 * 10
    return (
        f"It is too large for this page: it would need about {bytes_of(needed)} of memory, and the limit here is "
        f"{bytes_of(costs.MOST)}. A file in float16 does not help, because its numbers are computed with as float32. "
        f"Take a smaller model, of about {fitting} million parameters at most, or open this one with the Python "
        "library, which has no such limit."
    )


def _tokenizer(opened: Opened) -> tuple[Tokenizer | None, str]:
    try:
        tokenizer = tokenizer_of(opened)
    except ValueError as error:
        return None, f"Its tokenizer cannot be used, so it reads numbers of tokens instead of text. {error}"
    if tokenizer is None:
        return None, (
            "No tokenizer was chosen with it, so it reads numbers of tokens instead of text. Choose tokenizer.json, or "
            "vocab.json and merges.txt, together with it for text."
        )
    return tokenizer, "It reads text with its own tokenizer."


def _unused(folder: Path, opened: Opened) -> str:
    used = {place.path.name for place in opened.source.tensors.values()} | {opened.source.path.name, *chosen.KNOWN}
    names = [path.name for path in sorted(folder.iterdir()) if path.name not in used]
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def _name(path: Path) -> str:
    """What the model is offered as: its file's name, or what its config calls it where all files have one name."""
    name = path.name.removesuffix(INDEX).removesuffix(".safetensors")
    beside = path.with_name("config.json")
    if name == "model" and beside.is_file():
        name = ""
        with suppress(ValueError, OSError):  # a file of ours needs no config, so nobody has read this one yet
            fields = read_object(beside)
            told = fields.get("_name_or_path") or fields.get("model_name")
            name = told.rstrip("/").rpartition("/")[2] if isinstance(told, str) and told != "custom" else ""
    name = re.sub(r"[^\w.-]+", "-", name).strip("-.")[:40] or "your-model"
    return f"{name}-yours" if name in zoo.names() else name
