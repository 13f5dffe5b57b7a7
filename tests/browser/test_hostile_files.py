"""Files that are damaged, lie or have odd names: each is opened or refused in a sentence, and Python lives."""

import base64
import json
import random
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from circuit_explainer import zoo
from circuit_explainer.workbench.lab import files
from circuit_explainer.workbench.lab.run import begin
from circuit_explainer.workbench.lab.settings import Settings, recipe
from tests.browser.hostile import in_page
from tests.browser.pages import go
from tests.browser.test_lab import NEW_LAB
from tests.core.mutate import damage, disturb, dumps
from tests.hostile.strings import FAMILIES, FEW
from tests.workbench.own.files import FIXTURES, random_gpt2

COUNT, AT_ONCE = 1000, 100
HEAP = 48_000_000  # bytes that a thousand small models may leave behind
Files = dict[str, bytes]
# Each: {file name: base64 of its bytes}. What an answer says is a sentence, and no traceback.
LOAD = """const bytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
    const code = /Traceback|The code stopped|\\.py\\b/;
    const sentence = (text) => text.length > 10 && text.length < 1500 && !code.test(text);
    const { bytes: before } = await call('memory');
    let loaded = 0;
    for (const one of given) {
        const files = Object.entries(one).map(([name, text]) => new File([bytes(text)], name));
        const { folder } = await call('show_files', files);
        try {
            const { sentences, refused } = await ask('own', 'look', { folder });
            look(folder, sentences.filter((said) => !sentence(said)));
            if (refused) continue;
            const { name } = await ask('own', 'load');
            if (/^[\\w.-]{1,46}$/.test(name)) loaded += 1;
            else look(folder, [`it is called ${name}`]);
        } catch (error) {
            if (!error.told) throw error;
            if (!sentence(error.message)) look(folder, [error.message]);
        }
    }
    await ask('own', 'forget');
    await call('show_files', []);
    wrong.push(['loaded', loaded], ['heap', (await call('memory')).bytes - before]);"""
NAMES = """const own = document.querySelector('[data-workbench=own]');
    const input = own.querySelector('input');
    for (const name of given) {
        const chosen = new DataTransfer();
        for (const file of [new File(['x'], name), new File(['{}'], 'config.json')]) chosen.items.add(file);
        await settled(own, () => {
            input.files = chosen.files;
            input.dispatchEvent(new Event('change', { bubbles: true }));
        }, ['looking']);
        const told = own.querySelector('[data-role=own-problem]').textContent;
        const odd = /The code stopped|Python was started|[\\u202a-\\u202e\\0]/;
        look(name, /[.”]$/.test(told) && told.length < 600 && !odd.test(told) ? [] : [told]);
    }"""
RUNS = """const bytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
    for (const text of given) {
        const answer = await ask('lab', 'open', {}, { data: bytes(text) }).catch((error) => error);
        const refused = answer.told && /^This file cannot be opened as a run\\. .*\\.$/s.test(answer.message);
        look(text, answer.panels || (refused && answer.message.length < 1500) ? [] : [String(answer.message)]);
    }"""


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> list[Files]:
    """The files of small checkpoints: GPT-2's names, five parts with an index, and one of this site."""
    ours = tmp_path_factory.mktemp("ours")
    zoo.load("by-hand").save(ours / "model.safetensors")
    tiny = random_gpt2(tmp_path_factory.mktemp("tiny"), (1, 8, 2, 11, 16))
    folders = (tiny, ours, FIXTURES / "qwen2", tiny)
    return [
        {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix in (".json", ".safetensors")}
        for folder in folders
    ]


def damaged(good: Files, rng: random.Random) -> Files:
    """One file damaged, or its JSON, or left out, or another config beside it."""
    given = dict(good)
    name = rng.choice(sorted(given))
    how = rng.randrange(8)
    if how == 0:
        del given[name]
    elif how == 1:
        given["config.json"] = rng.choice((b"", b"{", b"[]", b"\xff", b"null", b"[" * 9999))
    elif how < 5 and name.endswith(".json"):
        given[name] = dumps(disturb(json.loads(given[name]), rng))
    elif how < 5:
        length = int.from_bytes(given[name][:8], "little")
        header = dumps(disturb(json.loads(given[name][8 : 8 + length]), rng))
        given[name] = len(header).to_bytes(8, "little") + header + given[name][8 + length :]
    else:
        given[name] = damage(given[name], rng)
    return given


def encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def test_a_thousand_damaged_models(visited: Page, base: str, models: list[Files]) -> None:
    go(visited, base, "playground/your-own-model/")
    rng = random.Random(0)
    given = [damaged(models[n % len(models)], rng) for n in range(COUNT)]
    loaded = grown = 0
    for at in range(0, COUNT, AT_ONCE):
        some = [{name: encoded(content) for name, content in one.items()} for one in given[at : at + AT_ONCE]]
        *wrong, (_, count), (_, heap) = in_page(visited, LOAD, some)
        assert wrong == []
        loaded, grown = loaded + count, grown + heap
    assert COUNT / 20 < loaded < COUNT / 2
    assert grown < HEAP
    print(f"{loaded} of {COUNT} were loaded; Python took {grown / 1e6:.0f} MB more")


def test_odd_names_of_models(visited: Page, base: str) -> None:
    go(visited, base, "playground/your-own-model/")
    some = [*FAMILIES["names"], *(text[:5000] for text in FEW), *FAMILIES["keys"][:12], *FAMILIES["lines"][:12]]
    names = [f"{name}{end}" for n, name in enumerate(some) for end in [("", ".safetensors", ".bin")[n % 3]]]
    assert in_page(visited, NAMES, names) == []
    expect(visited.locator("html")).to_have_attribute("data-python", "ready")


def test_damaged_runs_of_the_lab(visited: Page, base: str) -> None:
    run = begin(recipe(Settings(steps=10, batch=1)), "your run")
    run.one_step()
    good, rng = files.write(run), random.Random(1)
    visited.evaluate(NEW_LAB)
    go(visited, base, "lab/")
    given = [encoded(damaged({"run.safetensors": good}, rng).get("run.safetensors", b"")) for _ in range(60)]
    assert in_page(visited, RUNS, given) == []
    visited.evaluate(NEW_LAB)


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"<img src=x onerror=alert(1)>", "This file cannot be opened as a run."), (None, " MB; a run has at most 100.")],
)
def test_a_file_that_is_no_run(visited: Page, base: str, tmp_path: Path, content: bytes | None, told: str) -> None:
    visited.evaluate(NEW_LAB)
    go(visited, base, "lab/")
    expect(visited.locator(".lab")).to_have_attribute("data-ready", "")
    path = tmp_path / "x\u202e<img src=x data-hostile>.safetensors"
    with path.open("wb") as file:
        file.write(content or b"")
        if content is None:
            file.truncate(3_000_000_000)  # a hole, which takes no room
    with visited.expect_file_chooser() as choosing:
        visited.get_by_text("Open a run", exact=True).click()
    choosing.value.set_files(path)
    trouble = visited.locator("[data-role=lab-trouble]")
    expect(trouble).to_contain_text(told)
    expect(trouble).not_to_contain_text("\u202e")
    assert in_page(visited, "look('')", None) == []
    expect(visited.locator(".lab")).to_have_attribute("data-state", "empty")
