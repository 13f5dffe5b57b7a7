"""The `predict` fence: a question to answer before the page shows it, with a reply to each choice.

```predict
question: Where will the second “cat” look?
options:
  - At the first “cat”: That is the same word, not what came after it.
  - At “sat”: It came right after the first “cat”.
right: 2
covers: induction_head        the exhibit that shows the answer, covered until then; may be left out
```
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

import yaml

FIELDS = {"question", "options", "right"}
VALUE = "#!value "


@dataclass(frozen=True)
class Question:
    """A question, each choice with its reply, which choice is right (from 0), and the exhibit that it covers."""

    question: str
    options: list[tuple[str, str]]
    right: int
    covers: str


def parse(source: str) -> Question:
    """Return the question that a fence holds.

    Raises:
        ValueError: a field is missing or unknown, a choice has no reply, or `right` names none of them.
    """
    given = yaml.safe_load(source)
    if not isinstance(given, dict) or set(given) - {"covers"} != FIELDS:
        raise ValueError(
            f"A predict fence has the fields {', '.join(sorted(FIELDS))} and perhaps covers. Got {source!r:.100}."
        )
    options = [next(iter(option.items())) for option in given["options"] if isinstance(option, dict) and option]
    if len(options) != len(given["options"]) or not 2 <= len(options) <= 5:
        raise ValueError("A predict fence has 2 to 5 options, each a choice, a colon and the reply to it.")
    if given["right"] not in range(1, len(options) + 1):
        raise ValueError(f"right must be a number from 1 to {len(options)}. Got {given['right']!r}.")
    replies = [(str(choice), str(reply)) for choice, reply in options]
    return Question(str(given["question"]), replies, given["right"] - 1, str(given.get("covers", "")))


def html(source: str, name: str, value: Callable[[str], str]) -> str:
    """Return the question as a form that `predict.js` answers; without scripts, as a list that can be opened.

    `value` gives the text of an expression, for numbers in the question and its replies.

    Raises:
        ValueError: as ``parse``.
    """
    asked = parse(source)
    choices = "".join(
        f'<label><input type="radio" name="{name}" value="{n}"> <span>{text(choice, value)}</span></label>'
        for n, (choice, _) in enumerate(asked.options)
    )
    replies = "".join(
        f'<li data-choice="{n}"{" data-right" if n == asked.right else ""}><strong>{text(choice, value)}</strong>: '
        f"<span>{text(reply, value)}</span></li>"
        for n, (choice, reply) in enumerate(asked.options)
    )
    covers = f' data-covers="{escape(asked.covers)}"' if asked.covers else ""
    return (
        f'<form class="predict" id="{name}" data-role="predict" data-search-exclude{covers}>'
        f"<fieldset><legend><span>Predict</span> {text(asked.question, value)}</legend>{choices}</fieldset>"
        f'<div class="predict-check"><button type="submit">Check</button>'
        f'<p data-role="reply" role="status"></p></div>'
        f"<details><summary>All answers</summary><ul>{replies}</ul></details></form>"
    )


def text(given: str, value: Callable[[str], str]) -> str:
    """Return a line of text as HTML; what stands between backticks is code, or a value."""
    parts = given.split("`")
    return "".join(_marked(part, value) if n % 2 else escape(part, quote=False) for n, part in enumerate(parts))


def _marked(part: str, value: Callable[[str], str]) -> str:
    if part.startswith(VALUE):
        return escape(value(part.removeprefix(VALUE)), quote=False)
    return f"<code>{escape(part, quote=False)}</code>"
