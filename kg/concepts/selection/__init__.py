"""The choice of concepts, their labels, and their tables."""
