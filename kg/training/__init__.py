"""Training: fit the concept ranker to a corpus whose articles carry keywords."""
