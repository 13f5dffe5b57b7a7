"""The `predict` fence: a question to answer before the page shows it, with a reply to each choice.

```predict
question: Where will the second “cat” look?
options:
  - At the first “cat”: That is the same word, not what came after it.
  - At “sat”: It came right after the first “cat”.
right: 2
```
"""

from __future__ import annotations

from html import escape

import yaml

FIELDS = {"question", "options", "right"}


def parse(source: str) -> tuple[str, list[tuple[str, str]], int]:
    """Return the question, each choice with its reply, and which choice is right, counted from 0.

    Raises:
        ValueError: a field is missing or unknown, a choice has no reply, or `right` names none of them.
    """
    given = yaml.safe_load(source)
    if not isinstance(given, dict) or set(given) != FIELDS:
        raise ValueError(f"A predict fence has the fields {', '.join(sorted(FIELDS))}. Got {source!r:.100}.")
    options = [next(iter(option.items())) for option in given["options"] if isinstance(option, dict) and option]
    if len(options) != len(given["options"]) or not 2 <= len(options) <= 5:
        raise ValueError("A predict fence has 2 to 5 options, each a choice, a colon and the reply to it.")
    if given["right"] not in range(1, len(options) + 1):
        raise ValueError(f"right must be a number from 1 to {len(options)}. Got {given['right']!r}.")
    return str(given["question"]), [(str(choice), str(reply)) for choice, reply in options], given["right"] - 1


def html(source: str, name: str) -> str:
    """Return the question as a form that `predict.js` answers; without scripts, as a list that can be opened.

    Raises:
        ValueError: as ``parse``.
    """
    question, options, right = parse(source)
    choices = "".join(
        f'<label><input type="radio" name="{name}" value="{n}"> <span>{text(choice)}</span></label>'
        for n, (choice, _) in enumerate(options)
    )
    replies = "".join(
        f'<li data-choice="{n}"{" data-right" if n == right else ""}><strong>{text(choice)}</strong>: '
        f"<span>{text(reply)}</span></li>"
        for n, (choice, reply) in enumerate(options)
    )
    return (
        f'<form class="predict" id="{name}" data-role="predict">'
        f"<fieldset><legend><span>Predict</span> {text(question)}</legend>{choices}</fieldset>"
        f'<div class="predict-check"><button type="submit">Check</button>'
        f'<p data-role="reply" role="status"></p></div>'
        f"<details><summary>All answers</summary><ul>{replies}</ul></details></form>"
    )


def text(given: str) -> str:
    """Return a line of text as HTML; what stands between backticks is code."""
    parts = [escape(part, quote=False) for part in given.split("`")]
    return "".join(f"<code>{part}</code>" if n % 2 else part for n, part in enumerate(parts))
