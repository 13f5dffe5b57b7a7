"""Ten thousand damaged files and any other JSON, against the ``tokenizers`` library; neither runs in the browser."""

import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from circuit_explainer.core import TextError
from circuit_explainer.core.tokenizers.bpe import BPETokenizer, read_json
from tests.core.alarm import at_most, within
from tests.core.mutate import NASTY, dumps
from tests.core.tokenizers.bpe.damaged import ADDED, BYTES, FILE, MODEL, TEMPLATE, TEXT, a_damaged_file, attempt


def as_in_the_library(text: str) -> bool:
    """Whether the library reads a file that was read here; if it does, it makes the same tokens of a text."""
    try:
        theirs = Tokenizer.from_str(text)
    except Exception:  # the library raises nothing narrower
        return False
    tokenizer = BPETokenizer(read_json(text), 10, 50)
    try:
        tokens = tokenizer.encode(TEXT)
    except TextError:
        return True
    assert tokens == theirs.encode(TEXT, add_special_tokens=False).ids, text
    return True


def test_ten_thousand_damaged_files() -> None:
    rng, read, compared = random.Random(0), 0, 0
    # A file has a thousand bytes; none makes that much.
    with within(5_000_000):
        for n in range(10_000):
            texts = a_damaged_file(n, rng)
            with at_most(seconds=5):
                good = attempt(*texts)
            read += good
            compared += good and len(texts) == 1 and as_in_the_library(texts[0])
    # Both ways are met.
    assert 1000 < read < 9000
    assert compared > 500


@settings(max_examples=150, deadline=None)
@given(
    st.recursive(
        st.sampled_from(NASTY) | st.sampled_from([MODEL, ADDED, BYTES, TEMPLATE]),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from([*FILE, "type", "vocab", "merges"]), inner, max_size=4)
        ),
        max_leaves=8,
    )
)
def test_any_json_is_read_or_refused_in_words(value: Any) -> None:
    attempt(dumps(value).decode())
