"""What the hooks of a run may name and return; each failure is one sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from circuit_explainer.core.arrays import Array
from circuit_explainer.core.given import array as as_array


def names(known: Iterable[str], wanted: str | Iterable[str] | Callable[[str], bool] | None) -> set[str]:
    """Those of the known activation names that are meant by a name, several, or a function; None means all.

    Raises:
        ValueError: a name is unknown.
    """
    have = list(known)
    if wanted is None:
        return set(have)
    if callable(wanted):
        return {name for name in have if wanted(name)}
    chosen = {wanted} if isinstance(wanted, str) else set(wanted)
    for name in sorted(chosen - set(have)):
        raise ValueError(f"This run has no activation {name!r}{_hint(name, have)}.")
    return chosen


def replacement(name: str, given: Array, returned: Array | None) -> Array:
    """What a hook left: what it returned, or the array it was given.

    Raises:
        ValueError: it returned something of another shape, or what is no number of the activation's kind.
    """
    if returned is None:
        return given
    array = as_array(f"What the hook at {name!r} returns", returned)
    if array.shape != given.shape:
        raise ValueError(f"Hook at {name!r}: expected an array of shape {given.shape}; got {array.shape}.")
    # Cast to the activation's dtype, complex numbers would lose their imaginary part, and tokens their fractions.
    kinds, numbers = ("iu", "integers") if given.dtype.kind in "iu" else ("fiub", "real numbers")
    if array.dtype.kind not in kinds:
        raise ValueError(f"Hook at {name!r}: expected {numbers}; got {array.dtype}.")
    return array.astype(given.dtype, copy=False)


# Activations that a model shows only when asked to, and the switch that asks.
_SWITCHES = {
    "hook_result": "use_attn_result",
    "hook_q_input": "use_split_qkv_input",
    "hook_k_input": "use_split_qkv_input",
    "hook_v_input": "use_split_qkv_input",
    "hook_attn_in": "use_attn_in",
    "hook_mlp_in": "use_hook_mlp_in",
    "hook_tokens": "use_hook_tokens",
}


def _hint(name: str, have: list[str]) -> str:
    switch = _SWITCHES.get(name.rpartition(".")[2])
    if switch is not None:
        return f"; it is there in model.replace({switch}=True)"
    import difflib  # not loaded before there is something to suggest

    near = difflib.get_close_matches(name, have, 1)
    return f"; did you mean {near[0]!r}?" if near else ""
