"""SPARQL over a build's store."""
