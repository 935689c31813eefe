"""Constructs that tools add to Markdown, and the text that is published in their place."""
