"""What every tokenizer offers."""

from __future__ import annotations

from typing import Protocol

from circuit_explainer.core.arrays import Array


class Tokenizer(Protocol):
    """What a model asks of its tokenizer."""

    @property
    def name(self) -> str:
        """The kind, as a saved model names it."""

    @property
    def bos(self) -> int | None:
        """The token that it puts in front of a text, if any."""

    def to_tokens(self, text: str) -> Array:
        """Integers ``[1, p]``."""

    def to_str_tokens(self, text: str) -> list[str]:
        """A label for each position."""

    def saved(self) -> str | None:
        """What a saved model must hold beside its kind, as text, if anything."""
