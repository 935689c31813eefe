"""SPARQL queries to the store of a build, and explanations of connections."""
