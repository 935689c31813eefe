"""Validation of a build: checks of its files, its evidence, the rules of SKOS, and the SHACL shapes."""
