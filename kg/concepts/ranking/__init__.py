"""Salience: the probability, estimated by a trained model, that an author would choose a term as a keyword."""
