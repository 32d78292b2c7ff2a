"""Dense neural networks in NumPy, written to be read."""
