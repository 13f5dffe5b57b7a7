"""The names that the reader's code finds: the playground's model, text and activations, and what draws."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from circuit_explainer import charts, circuits
from circuit_explainer.core.arrays import Array
from circuit_explainer.core.cache.activation_cache import ActivationCache
from circuit_explainer.exhibits import Exhibit, markup
from circuit_explainer.workbench.cell.modules import own_builtins
from circuit_explainer.workbench.cell.output import Say, shortened

MOST_CHARTS = 12
# Pixels of a chart, and of each row of its vertical axis.
LOWEST, HIGHEST, ROW, AROUND = 360, 900, 26, 120
# Those that are there only while an intervention is on.
CHANGED = ("changed_logits", "changed_cache")


def new_namespace() -> dict[str, Any]:
    """The names that no playground is needed for; `show` is made for each run."""
    return {
        "__name__": "__main__",
        "__builtins__": own_builtins(),
        "np": np,
        "charts": charts,
        "circuits": circuits,
    }


def update(namespace: dict[str, Any], present: dict[str, Any]) -> None:
    """Bring the playground's names up to date; what the reader defined besides stays."""
    for name in CHANGED:
        namespace.pop(name, None)
    namespace.update({name: _kept(value) for name, value in present.items()})


def shower(say: Say) -> Callable[..., None]:
    """Make the function `show` of one run: a chart becomes a panel, any other value its text."""
    shown = 0

    def show(*values: object) -> None:
        """Show each value below the cell. Raises ValueError for a chart too many, or one that holds NaN."""
        nonlocal shown
        for value in values:
            if not isinstance(value, charts.Chart):
                say({"value": shortened(repr(value))})
                continue
            shown += 1
            if shown > MOST_CHARTS:
                raise ValueError(f"One run shows at most {MOST_CHARTS} charts. Draw fewer, or run again.")
            say({"chart": _panel(value, f"chart-{shown}", f"Chart {shown}")})

    return show


def _kept(value: Any) -> Any:
    """The playground draws from the same arrays: the reader's code gets views that it cannot write to."""
    if isinstance(value, ActivationCache):
        kept = ActivationCache(dict(_views(value.items())), value.model, value.has_batch_dim)
        return kept
    return _view(value) if isinstance(value, np.ndarray) else value


def _views(items: Iterable[tuple[str, Array]]) -> Iterable[tuple[str, Array]]:
    return ((name, _view(value)) for name, value in items)


def _view(value: Array) -> Array:
    view = value.view()
    view.flags.writeable = False
    return view


def _panel(chart: charts.Chart, name: str, title: str) -> str:
    """The markup of an exhibit without controls, so that a chart here has all that a chart on a page has."""

    def drawn() -> charts.Chart:
        return chart

    drawn.__name__ = f"cell-{name}"
    try:
        return markup.exhibit(Exhibit(drawn, {}), chart, title=title, height=_height(chart), code="")
    except ValueError:
        raise ValueError("The chart holds NaN or infinity, which cannot be drawn. Leave them out first.") from None


def _height(chart: charts.Chart) -> int:
    """Room for each name on the vertical axes, within limits."""
    axes = [axis for name, axis in chart.figure.get("layout", {}).items() if name.startswith("yaxis")]
    rows = [len(axis.get("ticktext", ())) / (np.ptp(axis.get("domain", (0, 1))) or 1) for axis in axes]
    return int(min(max(ROW * max(rows, default=0) + AROUND, LOWEST), HIGHEST))
