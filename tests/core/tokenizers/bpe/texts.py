"""Texts that tokenizers stumble over."""

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
HARD = [
    "Hello, world! It's 3.14 o'clock; we'll've gone, I'd said they're HERE'S 'TIS 'twas.",
    "  two  spaces   three\n\n\nlines\r\n\tTabs\t \n x\u00a0y\u2003z\u3000w\u200bq\ufeff",
    "\x00\x1c\x1d\x1e\x1f\x7f\x85 \x1b[31mred",
    "naïve café Straße ſ'ſ don'ſ ﬁne ĳ Ǆ ª º ² ½ Ⅷ ㊿ ٣٤٥ १२३ 𝟘𝟙 ௧",
    "日本語のテキスト、中文没有空格。한국어 띄어쓰기 ภาษาไทย العربية עברית हिन्दी",
    f"😀😃 {FAMILY} 🏳️‍🌈 #️⃣ 👍🏽 e\u0301 é \u0301\u0301 ǭ\u0323",
    "def f(x):\n    return x**2  # ∀x∈ℝ: x²≥0 — “quoted” ‘single’ …",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 1234567890123 !!!!!!????....----____",
    "http://example.org/a_b?c=d&e=%20#f user@example.org C:\\dir\\file.txt",
    "the whole zq cat ca cab",
    "a??b ?ab???a",
    "cama\u0323m\u1ea1  m\u1ea1\u0301ca  ca   ca",
    "x <mask> <mask>y<right>  z<right><mask> <|endoftext|><|endoftext|> <right> <mask>",
    "\U0010ffff\ufffe\ufffd\ue000\U0001f1e9\U0001f1ea",
    "Ġ Ċ ĉ ▁ <0x0A> <|endoftext <|endoftext|>",
    "trailing spaces   ",
    " ",
    "\n",
    "'",
    "''s 's'S 'LL 'll 'Ll 'rE",
    "a'b'c'd'ere",
    "x" * 300,
    ("ab" * 150) + ("ba" * 150),
    "é" * 100,
]
