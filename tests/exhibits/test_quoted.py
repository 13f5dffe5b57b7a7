"""A text of a reader in a sentence of ours."""

import pytest

from circuit_explainer.exhibits.quoted import quoted, readable


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


def test_a_sentence_of_ours_keeps_its_isolates_and_a_file_name_cannot_turn_it() -> None:
    assert (
        readable("x\u202egnp.exe is “\u2068שלום\u2069”\n👩\u200d👩")
        == "x\\u202egnp.exe is “\u2068שלום\u2069”\n👩\u200d👩"
    )
