"""Making the shipped models, two at a time, and comparing them with the recorded ones."""

from __future__ import annotations

import json
import multiprocessing
import os
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any

from circuit_explainer.zoo.loader import FILES, NAMES, directory
from circuit_explainer.zoo.making.makers import MAKERS, Facts, Report

FACTS = Path(__file__).parents[1] / "models.json"
# Each model keeps one core busy.
AT_ONCE = min(2, os.cpu_count() or 1)
# Seconds between two lines about one model.
EVERY = 20.0


def make(names: list[str], folder: Path | None = None, facts: Path = FACTS) -> int:
    """Make the named models, or all, into ``folder``; 0 if every file has the bytes recorded in ``facts``.

    Facts are written after each model, so what is done is kept when a later one fails.

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
    identical, begun = True, time.monotonic()
    for done, made in enumerate(_made(wanted, folder), start=1):
        for name, found in made.items():
            same = found["sha256"] == known.get(name, {}).get("sha256")
            identical &= same
            known[name] = found
            print(f"{name}: {'identical to' if same else 'NOT identical to'} the recorded file.", flush=True)
        text = json.dumps({name: known[name] for name in FILES if name in known}, indent=2)
        facts.write_text(text + "\n", encoding="utf-8")
        print(f"{done} of {len(wanted)} models made in {time.monotonic() - begun:.0f} s.", flush=True)
    if not identical:
        print("Another kind of processor rounds differently. `make test` tells whether the new models are as good.")
    return 0 if identical else 1


def _made(names: list[str], folder: Path) -> Iterator[Facts]:
    """The facts of each model as soon as it is made."""
    if len(names) == 1:
        yield _make(names[0], folder)
        return
    with ProcessPoolExecutor(AT_ONCE, multiprocessing.get_context("spawn")) as pool:
        for future in as_completed([pool.submit(_make, name, folder) for name in names]):
            yield future.result()


def _make(name: str, folder: Path) -> Facts:
    return MAKERS[name](folder, reporter(name))


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
