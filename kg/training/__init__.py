"""Training of the concept ranker, which scores the terms of an article, on a corpus whose articles have keywords."""
