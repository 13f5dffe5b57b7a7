"""The `exercise` fence: an answer to type, checked against a value that a model gave when the site was built.

```exercise
id: induction-mean             its address, for good
ask: What is the score?
kind: number                   or "head" (such as L0H1), or "text"; a number may be left unsaid
right: score                   an expression over the page's names; for text perhaps a list of what else is right
within: 0.01                   of a number alone: what may lie between it and the right one
such as: 0.25                  how an answer is typed
reply: All targets count once.
near:                          mistakes that are often made: what they give, and what went wrong
  - gives: score / 2
    say: That counts the first copy too.
hint: Start from the row of the last token.
```
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

import yaml

from circuit_explainer.build.predict import text

NEEDED = {"id", "ask", "right", "such as", "reply", "hint"}
FIELDS = NEEDED | {"kind", "within", "near"}
KINDS = ("number", "head", "text")
ID = re.compile(r"[a-z][a-z0-9-]*")

Answer = float | str | list[str]


@dataclass(frozen=True)
class Exercise:
    """A question whose answer is typed: `right` and each of `near` (an expression and a reply) is not yet computed."""

    id: str
    ask: str
    kind: str
    right: str
    within: float
    such_as: str
    reply: str
    near: list[tuple[str, str]]
    hint: str


def parse(source: str) -> Exercise:
    """Return the exercise that a fence holds.

    Raises:
        ValueError: a field is missing, unknown or of another kind.
    """
    given = yaml.safe_load(source)
    if not isinstance(given, dict) or not NEEDED <= set(given) <= FIELDS:
        raise ValueError(
            f"An exercise fence has the fields {', '.join(sorted(NEEDED))} and perhaps "
            f"{', '.join(sorted(FIELDS - NEEDED))}. Got {source!r:.100}."
        )
    kind, within = given.get("kind", "number"), given.get("within", 0)
    if kind not in KINDS:
        raise ValueError(f"kind must be {', '.join(KINDS[:-1])} or {KINDS[-1]}. Got {kind!r}.")
    if not ID.fullmatch(str(given["id"])):
        raise ValueError(f"id must be small letters, digits and hyphens, such as induction-mean. Got {given['id']!r}.")
    if (kind == "number") != ("within" in given) or isinstance(within, bool) or not isinstance(within, int | float):
        raise ValueError(f"A number needs within: how far off an answer may be; nothing else has it. Got {within!r}.")
    near = given.get("near", [])
    if not isinstance(near, list) or any(not isinstance(one, dict) or set(one) != {"gives", "say"} for one in near):
        raise ValueError("near is a list; each item has gives, an expression, and say, what went wrong.")
    return Exercise(
        str(given["id"]), str(given["ask"]), kind, str(given["right"]), float(within), str(given["such as"]),
        str(given["reply"]), [(str(one["gives"]), str(one["say"])) for one in near], str(given["hint"]),
    )  # fmt: skip


def html(source: str, evaluate: Callable[[str], Any], value: Callable[[str], str]) -> str:
    """Return the exercise as a form that `exercise.js` answers; without scripts the answer can be opened.

    `evaluate` gives the value of an expression, `value` its text for the replies.

    Raises:
        ValueError: as ``parse``; a value is not of its kind, or a mistake gives nearly the right answer.
    """
    asked = parse(source)
    right = read(asked.kind, evaluate(asked.right))
    near = [read(asked.kind, evaluate(gives)) for gives, _ in asked.near]
    _tell_apart(asked, right, near)
    said = [(shown(right, asked.within), text(say, value)) for right, (_, say) in zip(near, asked.near, strict=True)]
    wrong = "".join(
        f'<li data-reply="{n}"><strong>{escape(answer)}</strong>: <span>{say}</span></li>'
        for n, (answer, say) in enumerate(said)
    )
    name, field = escape(asked.id), f"{escape(asked.id)}-answer"
    keys = ' inputmode="decimal"' if asked.kind == "number" else ""
    return (
        f'<form class="predict exercise" id="{name}" data-role="exercise" data-search-exclude novalidate '
        f'data-check="{escape(_check(asked, right, near))}">'
        f'<label class="exercise-ask" for="{field}"><span>Exercise</span> {text(asked.ask, value)}</label>'
        f'<input type="text" id="{field}" autocomplete="off" spellcheck="false"{keys} '
        f'aria-describedby="{name}-error"><p class="field-error" id="{name}-error" data-role="error" role="status"></p>'
        '<div class="predict-check"><button type="submit">Check</button><p data-role="reply" role="status"></p></div>'
        f'<details class="answer"><summary>Show the answer</summary><p data-reply="right"><strong>'
        f"{escape(shown(right, asked.within))}</strong>: <span>{text(asked.reply, value)}</span></p>"
        f'<p data-reply="hint">How to get there: <span>{text(asked.hint, value)}</span></p>'
        f"{f'<p>What mistakes give:</p><ul>{wrong}</ul>' if wrong else ''}</details></form>"
    )


def read(kind: str, given: Any) -> Answer:
    """Return a computed value as an answer of its kind; a head may be given as (layer, head).

    Raises:
        ValueError: it is of another kind, or no finite number.
    """
    if kind == "number":
        number = float(given)
        if not math.isfinite(number):
            raise ValueError(f"An answer must be a finite number. Got {number}.")
        return number
    if kind == "head" and isinstance(given, tuple) and len(given) == 2:
        return f"L{int(given[0])}H{int(given[1])}"
    if kind == "text" and isinstance(given, list | tuple) and given:
        return [str(one) for one in given]
    if not isinstance(given, str) or (kind == "head" and not re.fullmatch(r"L\d+H\d+", given)):
        raise ValueError(f"The answer is not a {kind}. Got {given!r:.60}.")
    return given


def shown(answer: Answer, within: float) -> str:
    """Return an answer as it is told: a number with the digits that count."""
    if isinstance(answer, float):
        return f"{answer:.{max(0, math.ceil(-math.log10(within)))}f}" if within else f"{answer:g}"
    return answer if isinstance(answer, str) else answer[0]


def _check(asked: Exercise, right: Answer, near: list[Answer]) -> str:
    check: Mapping[str, object] = {
        "kind": asked.kind,
        "right": right,
        "within": asked.within,
        "near": near,
        "example": asked.such_as,
    }
    return json.dumps(check, allow_nan=False, ensure_ascii=False, separators=(",", ":"))


def _tell_apart(asked: Exercise, right: Answer, near: list[Answer]) -> None:
    """Raise ValueError where the reply to a mistake could meet a right answer, or never be given."""
    for n, (answer, (gives, _)) in enumerate(zip(near, asked.near, strict=True)):
        for other, name in ((right, asked.right), *zip(near[:n], (gives for gives, _ in asked.near), strict=False)):
            if _alike(answer, other, asked.within):
                raise ValueError(
                    f"{gives} gives {answer!r:.40}, which is too near to {other!r:.40} of {name}: one reply for both."
                )


def _alike(one: Answer, other: Answer, within: float) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) <= 2 * within
    first, second = (
        {each} if isinstance(each, str) else set(each) for each in (one, other) if not isinstance(each, float)
    )
    return bool({each.casefold() for each in first} & {each.casefold() for each in second})
