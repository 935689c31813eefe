"""Salience: the probability that a candidate is a concept of its article."""
