"""Making the shipped models, two at a time, and comparing them with the recorded ones."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any

from circuit_explainer.zoo.loader import FILES, NAMES, directory
from circuit_explainer.zoo.making.makers import MAKERS, Facts, Report
from circuit_explainer.zoo.making.text.corpus import Problem

FACTS = Path(__file__).parents[1] / "models.json"
# Each model keeps one core busy.
AT_ONCE = min(2, os.cpu_count() or 1)
# Seconds between two lines about one model.
EVERY = 20.0


def make(names: list[str], folder: Path | None = None, facts: Path = FACTS) -> int:
    """Make the named models, or all, into ``folder``, and record them in ``facts``.

    A model that fails leaves its files and facts as they were, and the others are made all the same.

    Returns:
        0 if every file has the bytes recorded before, 1 if one has others, 2 if a model failed.

    Raises:
        ValueError: a name is unknown.
    """
    for name in names:
        if name not in NAMES:
            raise ValueError(f"There is no model {name!r}; the models are {', '.join(NAMES)}.")
    folder = folder or directory()
    folder.mkdir(parents=True, exist_ok=True)
    known: dict[str, Any] = json.loads(facts.read_text(encoding="utf-8")) if facts.is_file() else {}
    wanted = [name for name in MAKERS if not names or name in names]
    identical, begun, failures = True, time.monotonic(), []
    for ended, (model, made) in enumerate(_made(wanted, folder), start=1):
        if isinstance(made, Exception):
            failures.append(_told(model, made))
            continue
        for name, found in made.items():
            same = found["sha256"] == known.get(name, {}).get("sha256")
            identical &= same
            known[name] = found
            print(f"{name}: {'identical to' if same else 'NOT identical to'} the recorded file.", flush=True)
        text = json.dumps({name: known[name] for name in FILES if name in known}, indent=2)
        facts.write_text(text + "\n", encoding="utf-8")
        done = ended - len(failures)
        print(f"{done} of {len(wanted)} models made in {time.monotonic() - begun:.0f} s.", flush=True)
    if not identical:
        print("Another kind of processor rounds differently. `make test` tells whether the new models are as good.")
    if failures:
        print(f"{len(failures)} of {len(wanted)} models failed:", *failures, sep="\n", flush=True)
        return 2
    return 0 if identical else 1


def _made(names: list[str], folder: Path) -> Iterator[tuple[str, Facts | Exception]]:
    """Each model as soon as it has ended, with its facts, or with what made it fail."""
    if len(names) == 1:
        yield names[0], _attempt(lambda: _make(names[0], folder))
        return
    with ProcessPoolExecutor(AT_ONCE, multiprocessing.get_context("spawn")) as pool:
        running = {pool.submit(_make, name, folder): name for name in names}
        for future in as_completed(running):
            yield running[future], _attempt(future.result)


def _attempt(result: Callable[[], Facts]) -> Facts | Exception:
    try:
        return result()
    except Exception as error:
        return error


def _make(name: str, folder: Path) -> Facts:
    print(f"{name}: begun.", flush=True)
    # Files are moved once all is made and measured, so that none stands there without its facts.
    with tempfile.TemporaryDirectory() as scratch:
        made = MAKERS[name](Path(scratch), reporter(name))
        for path in Path(scratch).iterdir():
            shutil.move(path, folder / path.name)
    return made


def _told(name: str, error: Exception) -> str:
    """Say at once that a model failed; gives the sentence, to be said again at the end."""
    sentence = str(error) if isinstance(error, Problem) else f"{type(error).__name__}: {error}"
    print(f"{name}: FAILED: {sentence}", flush=True)
    if not isinstance(error, Problem):
        traceback.print_exception(error)
    return f"{name}: {sentence}"


def reporter(name: str, every: float = EVERY) -> Report:
    """Prints how far a model is, and how long it will take, every so many seconds and at the last step."""
    begun = last = time.monotonic()

    def report(step: int, steps: int, told: str) -> None:
        nonlocal last
        now = time.monotonic()
        if step < steps and now - last < every:
            return
        last = now
        left = (now - begun) / step * (steps - step)
        print(f"{name}: step {step} of {steps}, {told}; {now - begun:.0f} s, about {left:.0f} s to go", flush=True)

    return report
