"""A line of the reader's words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from circuit_explainer.exhibits.controls.wire import Wire


@dataclass(frozen=True)
class Text:
    """A line of the reader's words, at first `default`.

    `max_tokens` bounds the tokens of the text, counted as `tokens` says: "words" (separated by spaces) or
    "characters". The model counts again, exactly; this bound keeps the worst away from it, and `max_characters`
    keeps away a single word as long as a book.
    `examples` are offered as buttons. `label` stands above the control; by default the parameter's name does. `shared`
    controls of one name on a page move together; those of the first exhibit show their examples, the others only when
    their text is empty. Raises ValueError for another word in `tokens`, and for a text of its own that does not fit.
    """

    kind: ClassVar[str] = "text"
    default: str
    max_tokens: int | None = None
    max_characters: int = 1000
    tokens: str = "words"
    examples: tuple[str, ...] = ()
    label: str | None = None
    shared: bool = False

    def __post_init__(self) -> None:
        if self.tokens not in ("words", "characters"):
            raise ValueError(f"Text(tokens=…) must be 'words' or 'characters'. Got {self.tokens!r}.")
        for text in (self.default, *self.examples):
            self.parse(text)

    def parse(self, wire: Wire) -> str:
        """Return the text. Raises ValueError, in words for the reader, when it is empty or too long."""
        if not isinstance(wire, str):
            raise ValueError(f"Expected text. Got {wire!r:.60}.")
        if not wire.strip():
            choose = ", or choose an example" if self.examples else ""
            raise ValueError(f"The text is empty. Type at least one word{choose}.")
        if len(wire) > self.max_characters:
            raise ValueError(
                f"This text has {len(wire)} characters; at most {self.max_characters} fit here. "
                f"Take away {len(wire) - self.max_characters}."
            )
        count = len(wire.split()) if self.tokens == "words" else len(wire)
        if self.max_tokens is not None and count > self.max_tokens:
            raise ValueError(
                f"This text has {count} {self.tokens}; at most {self.max_tokens} fit here. "
                f"Take away {count - self.max_tokens}."
            )
        return wire
