"""Tokens in words: those of the reader's text, and any other of the vocabulary."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from circuit_explainer.charts.labels import numbered, quoted, visible
from circuit_explainer.core import TextError, Transformer
from circuit_explainer.core.arrays import Array
from circuit_explainer.exhibits import Choice, ReaderError, Slider
from circuit_explainer.exhibits.controls import Wire
from circuit_explainer.workbench.playground import texts
from circuit_explainer.workbench.playground.runs import Runs

LIKELIEST, COMES_NEXT = "likeliest", "next in the text"


def read(model: Transformer, wires: Mapping[str, Wire]) -> tuple[list[int], list[str]]:
    """The tokens of the text that stands in the form, and their labels; nothing where it cannot be read."""
    text = wires.get("text", texts.control(model).default)
    try:
        tokens, labels = texts.read(model, text if isinstance(text, str) else "")
    except TextError:  # the text's own control says what is wrong
        return [], []
    return tokens[0].tolist(), labels


def token_control(model: Transformer, wires: Mapping[str, Wire]) -> Choice:
    """Which token: the likeliest, the one that comes next where one does, or one of the text, by label and number."""
    named = {token: f"{visible(label)} #{token}" for token, label in zip(*read(model, wires), strict=True)}
    last = str(wires.get("position", -1)) in ("-1", "-1.0")
    options = [LIKELIEST, *([] if last else [COMES_NEXT]), *named.values()]
    # With one option there is no choice, so an unreadable text leaves both.
    return Choice(*(options if len(options) > 1 else (LIKELIEST, COMES_NEXT)), label="Logit of")


def position_control(model: Transformer, wires: Mapping[str, Wire]) -> dict[str, Slider]:
    """Which position, counted from the end as -1, -2 …; nothing where there is only one."""
    labels = numbered(read(model, wires)[1])
    if len(labels) < 2:
        return {}
    return {"position": Slider(-len(labels), -1, -1, label="After", names=tuple(labels))}


def chosen(runs: Runs, token: str, position: int) -> int:
    """The number of the token that the reader chose, as the clean run says.

    Raises ReaderError where none comes next.
    """
    if token == LIKELIEST:
        return int(runs.clean_logits[0, position].argmax())
    if token == COMES_NEXT:
        if position == -1:
            raise ReaderError("token", "After the last token the text ends. Choose another token or an earlier place.")
        return int(runs.tokens[0, position + 1])
    return int(token.rpartition("#")[2])


def chosen_code(token: str, position: int) -> list[str]:
    """The same in TransformerLens, as `token`."""
    if token == LIKELIEST:
        return [f"token = clean_logits[0, {position}].argmax()"]
    if token == COMES_NEXT:
        return [f"token = tokens[0, {position + 1}]"]
    return [f"token = {token.rpartition('#')[2]}"]


def distinct(tokens: Array) -> list[int]:
    """The different tokens, lowest first. `np.unique` would fetch a part of numpy that is left out of the start."""
    return sorted(set(tokens.reshape(-1).tolist()))


def token_names(runs: Runs, tokens: Iterable[int]) -> list[str]:
    """What to call tokens of the vocabulary: their text, or their number where the model has no word for them."""
    of_text: dict[int, str] = dict(zip(runs.tokens[0].tolist(), runs.labels, strict=True))
    tokenizer = runs.model.tokenizer
    decode = getattr(tokenizer, "decode", None)

    def name(token: int) -> str:
        if token in of_text:
            return of_text[token]
        try:
            text = decode([token]) if decode else ""
        except ValueError:  # a row of the matrices that the vocabulary does not use
            text = ""
        return text or (f"#{token}" if tokenizer else str(token))

    return [visible(name(int(token))) for token in tokens]


def at(runs: Runs, position: int) -> str:
    """The token at a position, in quotation marks."""
    return quoted(numbered(runs.labels)[position])
