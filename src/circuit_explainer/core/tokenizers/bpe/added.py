"""Finding the added tokens of a tokenizer in a text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from circuit_explainer.core.tokenizers.bpe.spec import Added
from circuit_explainer.core.tokenizers.bpe.words import WHITE_SPACE

# A text, cut into stretches of text and found tokens.
Splitter = Callable[[str], Iterator[str | Added]]


def splitter(tokens: Iterable[Added]) -> Splitter:
    """A function that yields the tokens it finds, the longest where several fit, and the text between them."""
    # Of two with the same content the later one counts, as in the library.
    by_content = {token.content: token for token in tokens if token.content}
    if not by_content:
        return lambda text: iter([text] if text else [])
    longest_first = sorted(by_content, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, longest_first)))

    def split(text: str) -> Iterator[str | Added]:
        done = 0
        for found in pattern.finditer(text):
            token, start, stop = by_content[found[0]], found.start(), found.end()
            if start < done:  # inside the white space that the token before took
                continue
            if token.lstrip:
                start = done + len(text[done:start].rstrip(WHITE_SPACE))
            if token.rstrip:
                stop = len(text) - len(text[stop:].lstrip(WHITE_SPACE))
            if done < start:
                yield text[done:start]
            yield token
            done = stop
        if done < len(text):
            yield text[done:]

    return split
