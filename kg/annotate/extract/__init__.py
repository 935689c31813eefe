"""Candidate terms, acronyms and statements of one tagged article."""
