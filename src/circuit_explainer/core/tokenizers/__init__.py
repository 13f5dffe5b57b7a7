"""Text to tokens: symbols, characters, byte-level BPE."""
