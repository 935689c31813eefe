"""Constructs that tools add to Markdown, and their published text."""
