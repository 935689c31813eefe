"""Selection of concepts: choice, labels and tables."""
