"""Find the candidate terms, acronyms, hypernym pairs and definitions in one tagged article."""
