"""What a task is: data that says how batches are drawn."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from circuit_explainer.core.arrays import Array
from circuit_explainer.core.files.fields import mapping


@dataclass(frozen=True)
class Batch:
    """``tokens [b, p]``, and ``counted [b, p-1]``: True where token ``p+1`` is what the task is about."""

    tokens: Array
    counted: Array


@dataclass(frozen=True)
class Task:
    """A rule by which sequences are drawn; a subclass adds its parameters as fields, and ``draw``.

    Subclasses are known by ``kind``, the name of the class, which stands in ``dataclasses.asdict`` too.
    """

    kind: str = dataclasses.field(init=False, repr=False)
    known: ClassVar[dict[str, type[Task]]] = {}

    def __init_subclass__(cls) -> None:
        Task.known[cls.__name__] = cls

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", type(self).__name__)

    def check(self, length: int, d_vocab: int) -> None:
        """Nothing, if sequences of ``length`` tokens below ``d_vocab`` can be drawn.

        Raises:
            ValueError: they cannot; the sentence says what the task needs.
        """

    def draw(self, rng: np.random.Generator, batch: int, length: int, d_vocab: int) -> Batch:
        """A batch of ``batch`` sequences of ``length`` tokens below ``d_vocab``; every sequence counts somewhere.

        Returns:
            ``tokens [batch, length]``, integers, and ``counted [batch, length - 1]``.

        Raises:
            ValueError: the task does not fit this length or vocabulary.
        """
        raise NotImplementedError

    @staticmethod
    def from_dict(fields: Mapping[str, Any]) -> Task:
        """The task that ``dataclasses.asdict`` gave these fields of, even by way of JSON.

        Raises:
            ValueError: there is no task of this kind, it has other fields, or a value is impossible.
        """
        named = mapping(fields, "A task").items()
        given = {name: tuple(value) if isinstance(value, list) else value for name, value in named}
        kind = given.pop("kind", None)
        if not isinstance(kind, str) or kind not in Task.known:
            raise ValueError(f"There is no task {kind!r:.100}; the tasks are {', '.join(sorted(Task.known))}.")
        cls = Task.known[kind]
        wanted = [field for field in dataclasses.fields(cls) if field.init]
        needed = {field.name for field in wanted if field.default is dataclasses.MISSING}
        if set(given) - {field.name for field in wanted} or needed - set(given):
            names = ", ".join(field.name for field in wanted)
            raise ValueError(f"{kind} has the fields {names}; got {', '.join(given) or 'none'}.")
        return cls(**given)


def cut(tokens: Array, counted: Array, length: int) -> Batch:  # [b, at least p], [b, at least p] -> [b, p], [b, p-1]
    """The first ``length`` tokens, with the marks of those that count moved to the position that predicts them."""
    return Batch(tokens[:, :length], counted[:, 1:length])


def shuffled(rng: np.random.Generator, batch: int, number: int) -> Array:  # -> [b, n]
    """In each row the numbers 0 to ``number - 1`` in an order of its own."""
    return np.asarray(rng.permuted(np.broadcast_to(np.arange(number), (batch, number)), axis=1))
