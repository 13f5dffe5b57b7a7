"""The notebook cell of the playground: the reader's own Python, on the playground's model, text and cache."""
