"""Charts of one kind each, for any array: heatmaps, bars, lines, strips of tokens."""
