"""The model's weights as products of matrices that are never multiplied out."""
