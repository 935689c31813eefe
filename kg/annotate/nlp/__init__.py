"""The spaCy pipeline: find the installed one, load it, make it faster, and tag texts with it."""
