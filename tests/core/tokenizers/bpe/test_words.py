import unicodedata

from circuit_explainer.core.tokenizers.bpe import words


def test_contractions() -> None:
    gpt2 = words.by_pattern(words.GPT2)
    assert list(gpt2("I'll we'Ve 'S 's'm")) == ["I", "'ll", " we", "'", "Ve", " '", "S", " '", "s", "'m"]
    llama3 = words.by_pattern(words.PATTERNS[1])
    assert list(llama3("we'Ve don'ſo 12345")) == ["we", "'Ve", " don", "'ſ", "o", " ", "123", "45"]


def test_unassigned_characters_are_signs() -> None:
    assert list(words.by_pattern(words.GPT2)("a\u0378b")) == ["a", "\u0378", "b"]


def test_the_unicode_tables_are_there() -> None:
    assert unicodedata.category("𝟘") == "Nd"
