"""Extract candidate terms, with offsets, from articles."""
