"""The hooks of one run: who sees which activation, who may change it, and what is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from circuit_explainer.core import check_hooks
from circuit_explainer.core.arrays import Array


@dataclass(frozen=True)
class HookPoint:
    """Where a hook was called: ``name`` is the activation's full name.

    Source: TransformerLens's class of this name (Nanda and Bloom, 2022), which holds more.
    """

    name: str


HookFunction = Callable[[Array, HookPoint], Array | None]
Hooks = Sequence[tuple[str | Callable[[str], bool], HookFunction]]
NamesFilter = str | Iterable[str] | Callable[[str], bool] | None


@dataclass(frozen=True)
class Watching:
    """``visit`` is called with each activation of ``names`` and fills ``kept``."""

    names: frozenset[str]
    visit: Callable[[str, Array], Array]
    kept: dict[str, Array]


def watching(known: Sequence[str], fwd_hooks: Hooks, names_filter: NamesFilter) -> Watching:
    """Ready for a run that meets the activations ``known``, in which ``fwd_hooks`` are called.

    What ``names_filter`` names is kept, as the hooks leave it.

    Raises:
        ValueError: a name is unknown or not reached; at the visit, if a replacement has another shape.
    """
    wanted = check_hooks.names(known, names_filter)
    kept: dict[str, Array] = {}
    hooks: dict[str, list[HookFunction]] = {}
    for chosen, fn in fwd_hooks:
        for name in check_hooks.names(known, chosen):
            hooks.setdefault(name, []).append(fn)

    def visit(name: str, value: Array) -> Array:
        for fn in hooks.get(name, ()):
            # A copy, so that a hook that writes in place changes nothing kept before.
            given = value.copy()
            value = check_hooks.replacement(name, given, fn(given, HookPoint(name)))
        if name in wanted:
            kept[name] = value
        return value

    return Watching(frozenset({*hooks, *wanted}), visit, kept)
