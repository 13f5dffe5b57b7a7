"""Writes the fixtures with TransformerLens: ``python -m tests.parity.make`` in the parity environment."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from tests.parity.reference import CASES, run

FIXTURES = Path(__file__).with_name("fixtures")
SEED = 0


def config_of(stored: Mapping[str, Any]) -> dict[str, Any]:
    """The config inside an opened fixture."""
    config: dict[str, Any] = json.loads(str(stored["config"]))
    return config


def main() -> None:
    """One ``.npz`` for each case, its config inside as JSON."""
    FIXTURES.mkdir(exist_ok=True)
    for case in CASES:
        config, arrays = run(case, SEED)
        path = FIXTURES / f"{case}.npz"
        stored: dict[str, Any] = {"config": np.array(json.dumps(config)), **arrays}
        np.savez_compressed(path, **stored)
        print(f"{path.name}: {len(arrays)} arrays, {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
