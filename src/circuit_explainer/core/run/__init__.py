"""One forward pass, bottom-up: arithmetic, the parts of a layer, and the pass itself."""
