"""Find candidate terms (words that may name a concept) in articles, with their offsets in the text."""
