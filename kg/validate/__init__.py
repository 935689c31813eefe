"""Validation of a build: its files, SKOS, evidence and SHACL shapes."""
