"""Trains the stored vocabulary: ``python -m tests.core.tokenizers.bpe.make``, in an environment with ``tokenizers``.

The same corpus gives the same files, which a byte-level vocabulary of GPT-2's kind has: all 256 bytes, then merges.
"""

import json
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

from tests.core.tokenizers.bpe.texts import HARD

FIXTURES = Path(__file__).with_name("fixtures")
ROOT = Path(__file__).parents[4]
CORPUS = ["README.md", "CONTRIBUTING.md", "LICENSE"]


def main() -> None:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=900,
        min_frequency=2,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        special_tokens=["<|endoftext|>"],
        show_progress=False,
    )
    corpus = [(ROOT / name).read_text(encoding="utf-8") for name in CORPUS]
    tokenizer.train_from_iterator([*corpus, *HARD * 3], trainer)
    FIXTURES.mkdir(exist_ok=True)
    tokenizer.model.save(str(FIXTURES))
    # What the browser's tests, which lack the library, compare with.
    tokens = [tokenizer.encode(text).ids for text in HARD]
    (FIXTURES / "hard.json").write_text(json.dumps(tokens, separators=(",", ":")), encoding="utf-8")


if __name__ == "__main__":
    main()
