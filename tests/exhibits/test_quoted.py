"""A text of a reader in a sentence of ours."""

import pytest

from circuit_explainer.exhibits.quoted import quoted


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("two words", "“two words”"),
        ("x" * 41, f"“{'x' * 40}…”"),
        ("\u202ea\x00\ud800\u200b", "“\\u202ea\\x00\\ud800\\u200b”"),
        ("שלום 1", "“\u2068שלום 1\u2069”"),
        ("é👍", "“é👍”"),
    ],
)
def test_a_text_in_a_sentence(given: str, shown: str) -> None:
    assert quoted(given) == shown
