"""Proposals for a person to decide on: near-synonyms and ambiguous terms."""
