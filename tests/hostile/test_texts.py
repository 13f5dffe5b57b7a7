"""All hostile strings through every text control, in the Python of the browser: shown as text or refused."""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from circuit_explainer.core.steps import finished
from circuit_explainer.exhibits import Exhibit, Text
from circuit_explainer.web import session
from circuit_explainer.workbench.playground.views import VIEWS
from tests.build.render import render
from tests.hostile.strings import FAMILIES, FEW, STRINGS
from tests.workbench.playground.combinations import play

DOCS = Path(__file__).parents[2] / "docs"
PAGES = [path for path in sorted(DOCS.rglob("*.md")) if "Text(" in path.read_text(encoding="utf-8")]
BENCH = {"bench": play()}
LONGEST = 300  # characters of a sentence that somebody would still read
# What is no element of a table.
OTHERS = re.compile(r"<(?!/?(?:caption|t(?:able|head|body|r|h|d))[ >])")


class Elements(HTMLParser):
    """Notes what a text became an element of, or an attribute that runs."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if tag in ("script", "img", "a", "style") or "data-hostile" in names or any(n.startswith("on") for n in names):
            self.wrong.append(f"<{tag} {' '.join(names)}>")


def wrong(html: str, text: str) -> list[str]:
    """What a text became in HTML, where it could have become anything."""
    return Elements(html).wrong if re.search("[<\"'&]", text) else []


def texts(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a figure, and where it stands."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from texts(inner, f"{path}.{key}")
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from texts(inner, path)
    elif isinstance(value, str):
        yield path, value


def check(answer: session.Answer, text: str) -> None:
    """An answer is a chart in which the text is text, or a sentence at a control."""
    json.dumps(answer, allow_nan=False)
    if "error" in answer:
        # The key of an exhibit is one of its text's tokens.
        assert answer["error"]["control"] in ("text", "other", "key"), (text[:60], answer["error"])
        assert 10 < len(answer["error"]["message"]) < LONGEST, text[:60]
        return
    chart = answer["chart"]
    assert chart["summary"].rstrip().endswith("."), text[:60]
    for path, shown in texts(chart["figure"]):
        if path.startswith(".layout.meta"):
            continue  # for scripts; the page makes elements of it as text
        if path == ".html":
            assert wrong(shown, text) == [], text[:60]
        elif path.endswith("hovertemplate"):
            assert shown.count("<") == 2, (path, shown)
        else:
            assert "<" not in shown, (path, shown, text[:60])
    assert not OTHERS.search(chart["table"]), text[:60]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(DOCS)))
def test_every_text_control_of_a_page(path: Path) -> None:
    _, run = render(path)
    exhibits = {name: made for name, made in run.namespace.items() if isinstance(made, Exhibit)}
    controls = [
        (exhibit, name)
        for exhibit, made in exhibits.items()
        for name, control in made.controls.items()
        if isinstance(control, Text)
    ]
    assert controls
    for exhibit, name in controls:
        for text in dict.fromkeys((*FEW, *STRINGS)):
            asked = {"page": path.name, "exhibit": exhibit, "values": {name: text}}
            check(finished(session.draw(exhibits, asked)), text)


def bench(**values: Any) -> session.Answer:
    return finished(session.draw(BENCH, {"page": "playground", "exhibit": "bench", "values": values}))


@pytest.mark.parametrize("view", [view.label for view in VIEWS.values()])
def test_every_view_of_the_playground(view: str) -> None:
    for text in (*FEW, *FAMILIES["plotly"][::6], *FAMILIES["html"][::20]):
        for edits in ([], ["zero 0.0"]):
            check(bench(view=view, text=text, edits=edits), text)


@pytest.mark.parametrize(("model", "every"), [("induction-2l", 1), ("text-2l", 8), ("by-hand", 8)])
def test_both_prompts_of_the_playground(model: str, every: int) -> None:
    for text in (*FEW, *STRINGS[::every]):
        check(bench(model=model, view="One head", text=text), text)
    for text in (*FEW, *STRINGS[:: 8 * every]):
        check(bench(model=model, text="a b a", edits=["patch k 1.0"], other=text), text)


def test_no_value_of_a_state_is_more_than_a_sentence() -> None:
    for n, text in enumerate(STRINGS):
        for name in ("model", "view", "head", "edits")[n % 4 :][:1]:
            answer = bench(**{"view": "One head", name: [text] if name == "edits" else text})
            assert "chart" in answer, (name, text[:60])
            assert all(note.endswith(".") and len(note) < LONGEST for note in answer["notes"])
            # A sign that turns the line would turn the sentence around it.
            assert not any(re.search("[\u202a-\u202e\u2066\u2067\x00-\x1f]", note) for note in answer["notes"])
            assert wrong(answer["form"], text) == []
