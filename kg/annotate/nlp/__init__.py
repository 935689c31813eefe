"""The spaCy pipeline: which one is installed, how it is loaded, and what makes it faster."""
