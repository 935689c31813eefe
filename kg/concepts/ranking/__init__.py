"""Salience: how likely a candidate is a concept of its article."""
