"""The training lab: runs that a reader starts, steers, compares and goes back through; `tool` is its door."""
