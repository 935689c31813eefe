"""Find the installed spaCy pipeline, load it, replace parts of it by faster ones, and tag texts with it."""
