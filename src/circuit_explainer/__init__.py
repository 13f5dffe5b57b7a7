"""Induction heads and transformer circuits: a numpy transformer with TransformerLens's names."""
