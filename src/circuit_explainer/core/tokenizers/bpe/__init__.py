"""Byte-pair encoding (Sennrich et al., 2016) over bytes, as GPT-2 has it (Radford et al., 2019), in pure Python.

It reads ``vocab.json`` with ``merges.txt``, or ``tokenizer.json``, and gives the tokens that Hugging Face's
``tokenizers`` gives. Loaded only when a model needs it.
"""

from circuit_explainer.core.tokenizers.bpe.read import read_json, read_pair
from circuit_explainer.core.tokenizers.bpe.tokenizer import BPETokenizer

__all__ = ["BPETokenizer", "read_json", "read_pair"]
