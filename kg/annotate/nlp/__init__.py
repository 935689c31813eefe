"""The spaCy pipeline: finding the installed one, loading, tagging, acceleration."""
