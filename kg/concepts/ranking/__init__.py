"""Salience: the probability, computed by a trained model, that a candidate term is a concept of its article."""
