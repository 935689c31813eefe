"""Suggestions of synonyms and ambiguous terms, for a person to review."""
