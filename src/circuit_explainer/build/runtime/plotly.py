"""Bundle the part of Plotly that the charts need, as `plotly.mjs` names it, with esbuild under Node."""

from __future__ import annotations

import json
from pathlib import Path

from .names import PLOTLY
from .node import Tools, run_node
from .notices import BUNDLED, note_inside, notices
from .places import HERE, megabytes, say

PACKAGE = "plotly.js"


def bundle_plotly(tools: Tools, modules: Path, out: Path) -> None:
    """Write the script, and the licences of the packages that went into it, into the folder `out`."""
    out.mkdir(parents=True, exist_ok=True)
    script = out / PLOTLY
    arguments = [HERE / "bundle.mjs", modules.resolve(), script.resolve()]
    used: list[str] = json.loads(run_node(tools, [*map(str, arguments)], "bundling Plotly", out))
    others = [name for name in used if name != PACKAGE]
    (out / BUNDLED).write_text(notices(modules, others), encoding="utf-8")
    note_inside(out.parent, "plotly", modules, others)
    say(f"bundled Plotly and {len(others)} packages that it needs: {megabytes(script.stat().st_size)}")
