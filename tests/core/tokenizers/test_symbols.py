import pytest

from circuit_explainer.core import SymbolTokenizer, TextError
from circuit_explainer.core.tokenizers.symbols import split

SMALL = SymbolTokenizer(d_vocab=5, n_ctx=8)
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"


def test_distinct_words_get_symbols_in_order() -> None:
    text = "the cat sat . the cat"
    wide = SymbolTokenizer(64, 64)
    assert wide.to_tokens(text).tolist() == [[0, 1, 2, 3, 4, 1, 2]]
    assert wide.to_tokens(text).dtype.kind == "i"
    assert wide.to_str_tokens(text) == ["<BOS>", "the", "cat", "sat", ".", "the", "cat"]


def test_labels_name_every_symbol_and_leave_free_ones_empty() -> None:
    assert SymbolTokenizer(6, 8).labels("b a b") == ["<BOS>", "b", "a", "", "", ""]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("the cat sat.", ["the", "cat", "sat", "."]),
        ('"Hi," she said (twice)!', ['"', "Hi", ",", '"', "she", "said", "(", "twice", ")", "!"]),
        ("don't well-known dogs'", ["don't", "well-known", "dogs", "'"]),
        ("“So…” ‘it’ [x] {y}", ["“", "So", "…", "”", "‘", "it", "’", "[", "x", "]", "{", "y", "}"]),
        ("The the", ["The", "the"]),
        ("...", [".", ".", "."]),
        ("a\tb\nc\u00a0d\u2003e", ["a", "b", "c", "d", "e"]),
        ("1,000.5 3.14!", ["1,000.5", "3.14", "!"]),
        # Angle brackets are mathematical signs, not punctuation, and stay with their word.
        ("<b>x</b> & y", ["<b>x</b>", "&", "y"]),
        ("e\u0301 \u00e9", ["\u00e9", "\u00e9"]),
        ("q\u0323\u0307", ["q\u0323\u0307"]),
        (f"{FAMILY} {FAMILY}.", [FAMILY, FAMILY, "."]),
        ("#\ufe0f\u20e3 #tag", ["#\ufe0f\u20e3", "#", "tag"]),
        ("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", ["\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"]),
        ("cat cat\u200d cat\u200b \ufeffcat c\u00adat", ["cat"] * 5),
        ("\u202eevil\u202c \u2066x\u2069", ["evil", "x"]),
        ("nul\x00l \x1b[31mred", ["null", "[", "31mred"]),
        ("lone \ud800surrogate", ["lone", "surrogate"]),
        ("\u200d \u200b", []),
    ],
)
def test_split(text: str, words: list[str]) -> None:
    assert split(text) == words


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\u200b\u202e", "\x00"])
def test_no_word(text: str) -> None:
    with pytest.raises(TextError, match=r"^Type at least one word.$"):
        SMALL.to_tokens(text)


def test_too_many_words() -> None:
    assert SMALL.to_tokens("a b a b a b a").shape == (1, 8)
    with pytest.raises(TextError, match=r"^This model reads at most 7 words; yours has 8: shorten it.$"):
        SMALL.to_tokens("a b a b a b a b")


def test_too_many_different_words() -> None:
    assert SMALL.to_tokens("a b c d").max() == 4
    with pytest.raises(TextError, match=r"at most 4 different words; yours has 5: repeat some or shorten it.$"):
        SMALL.to_str_tokens("a b c d e")


def test_text_errors_are_value_errors() -> None:
    assert issubclass(TextError, ValueError)
