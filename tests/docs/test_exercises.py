"""The exercises: their answers found another way, the code that they give, and the links that they start from."""

import json
import re
from functools import cache
from html import unescape
from typing import Any
from urllib.parse import parse_qsl

import numpy as np
import pytest

from circuit_explainer import zoo
from circuit_explainer.circuits import head_scores, zero_heads
from circuit_explainer.exhibits import Exhibit
from circuit_explainer.exhibits.settle import read_link, write_link
from circuit_explainer.training.recipes import INDUCTION_SMALL
from circuit_explainer.workbench.lab import settings
from tests.docs.addresses import SITE
from tests.docs.drawn import DOCS, namespace

PAGES = ("exercises", "exercises-on-circuits")
TOPICS = (
    "pattern-by-hand", "detectors", "induction-score", "logit-attribution", "ablation",
    "ov-and-qk", "composition-with-baseline", "targeted-ablation", "training",
)  # fmt: skip
LINK = re.compile(r'(playground|lab)/#(v=1[^"\s<]*)')


@cache
def html(page: str) -> str:
    return (SITE / "teaching" / page / "index.html").read_text(encoding="utf-8")


@cache
def checks() -> dict[str, Any]:
    found = [
        re.findall(r'<form class="predict exercise" id="([^"]+)".*?data-check="([^"]+)"', html(page)) for page in PAGES
    ]
    return {name: json.loads(unescape(check)) for page in found for name, check in page}


def section(topic: str) -> str:
    text = "".join((DOCS / "teaching" / f"{page}.md").read_text(encoding="utf-8") for page in PAGES)
    return re.split(r"\n## ", text[text.index(f"{{ #{topic} }}") :])[0]


def begun(topic: str) -> dict[str, Any]:
    """The names after the code to start from has run."""
    found = re.search(r"```python\n(.*?)```", section(topic), re.DOTALL)
    assert found, topic
    names: dict[str, Any] = {}
    exec("\n".join(line.removeprefix("    ") for line in found[1].splitlines()), names)
    return names


def right(name: str, value: float) -> None:
    assert abs(checks()[name]["right"] - value) <= max(checks()[name]["within"] / 5, 1e-5), name


def softmax(x: Any) -> Any:
    shares = np.exp(x - x.max(-1, keepdims=True))
    return shares / shares.sum(-1, keepdims=True)


def test_nine_topics_in_their_order_each_with_a_link_and_a_check() -> None:
    ids = [place for page in PAGES for place in re.findall(r'<h2 id="([^"]+)"', html(page))]
    assert tuple(ids) == TOPICS
    for topic in TOPICS:
        assert LINK.search(section(topic)), topic
        assert 1 <= section(topic).count("```exercise") <= 2, topic
    assert len(checks()) == 15


@pytest.mark.parametrize("page", [*PAGES, "links"])
def test_links_open_the_state_that_they_hold(page: str) -> None:
    bench = namespace("playground/index.md")["bench"]
    assert isinstance(bench, Exhibit)
    links = [(where, unescape(link)) for where, link in LINK.findall(html(page))]
    assert links
    for where, link in links:
        if where == "playground":
            opened = read_link(bench, link)
            assert opened.notes == (), link
            assert write_link(opened) == link
            bench.draw(opened.wires)
        else:
            pairs = dict(parse_qsl(link)[1:])
            assert set(pairs) <= set(settings.CONTROLS), link
            assert len(pairs) == link.count("&")
            settings.parse(dict(pairs))


def test_patterns() -> None:
    row = begun("pattern-by-hand")["scores"][-1]
    assert row.shape == (7,)
    assert zoo.load("text-2l").to_str_tokens("Mary m")[-1] == "m"
    assert zoo.load("text-2l").to_str_tokens("Mary m")[4] == "y"
    right("pattern-share", np.exp(row)[4] / np.exp(row).sum())
    right("pattern-even", sum(1 / n for n in range(2, 8)) / 6)
    pattern = begun("detectors")["pattern"]
    right("detector-previous", sum(pattern[i, i - 1] for i in range(1, 11)) / 10)
    scores = {f"L{row.layer}H{row.head}": row.previous_token for row in head_scores(zoo.load("text-2l"))}
    assert [head for head, score in scores.items() if score > 0.5] == [checks()["detector-head"]["right"]]


def test_the_induction_score() -> None:
    names = begun("induction-score")
    pattern, letters = names["pattern"], ["<BOS>", *names["text"].split()]
    found = []
    for i, letter in enumerate(letters):
        before = [j for j in range(1, i) if letters[j] == letter]
        if before:
            found.append(sum(pattern[i, j + 1] for j in before))
    assert len(found) == 6
    right("induction-mean", float(np.mean(found)))
    # The last token does not find its earlier copy.
    assert pattern[-1].argmax() == 0
    assert min(found[:-1]) > 0.99


def test_attribution() -> None:
    names = begun("logit-attribution")
    model, z = names["model"], names["z"]
    to = model.W_U[:, names["sat"]] - model.W_U[:, names["cat"]]
    right("attribution-difference", sum(float(z[head] @ model.W_O[1, head] @ to) for head in (0, 1)))
    # In text-2l by switching each head of layer 1 off: without L1H3 the logit falls most.
    reader, text = zoo.load("text-2l"), "Zorblax met Zo"
    logits = reader(text)[0, -1]
    best = int(logits.argmax())
    assert best == reader.to_tokens(f"{text}r")[0, -1]
    falls = [
        logits[best] - reader.run_with_hooks(text, zero_heads(reader.cfg, [(1, head)]))[0, -1, best]
        for head in range(4)
    ]
    assert checks()["attribution-head"]["right"] == f"L1H{int(np.argmax(falls))}"


def test_ablation() -> None:
    names = begun("ablation")
    sat = names["model"].to_tokens(names["text"])[0, 3]
    shares = [softmax(names[run][0, -1])[sat] for run in ("clean", "changed")]
    right("ablation-nats", float(np.log(shares[0]) - np.log(shares[1])))
    # L1H0 does the same work: the model still gets it right.
    assert names["changed"][0, -1].argmax() == sat


def test_circuits() -> None:
    full = begun("ov-and-qk")["full"]
    right("ov-copies", float((full.argmax(axis=-1) == np.arange(len(full))).mean()))
    model = zoo.load("induction-2l")
    _, the, _, sat, *_ = model.to_tokens("the cat sat . the cat")[0]
    query, key = model.W_E[sat] @ model.W_Q[1, 0], model.W_E[the] @ model.W_K[1, 0]
    right("qk-score", float(query @ key / np.sqrt(model.cfg.d_head)))


def test_composition() -> None:
    names = begun("composition-with-baseline")
    norm = np.linalg.norm
    score = norm(names["W_OV"] @ names["W_QK"].T) / (norm(names["W_OV"]) * norm(names["W_QK"]))
    right("composition-above", score - names["baseline"].mean)


def test_targeted_ablation() -> None:
    names = begun("targeted-ablation")
    model, given = names["model"], names["given"]
    left = {
        way: head_scores(model, given, [(f"blocks.1.hook_{way}_input", names["cut"])]).column("induction")[1, 3]
        for way in "qkv"
    }
    assert min(left, key=lambda way: left[way]) == "k"
    assert "keys" in checks()["targeted-input"]["right"]
    right("targeted-score", float(left["k"]))


def test_training_is_that_of_the_lab() -> None:
    assert settings.recipe(settings.Settings()) == INDUCTION_SMALL
    assert checks()["training-heads"] | {"near": []} == {
        "kind": "number", "right": 1.0, "within": 0.0, "near": [], "example": "3",
    }  # fmt: skip
    assert 130 < checks()["training-phase"]["right"] < 200
