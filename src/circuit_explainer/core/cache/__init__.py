"""What a run leaves: the activations by name, and the residual stream taken apart."""
