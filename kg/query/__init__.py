"""SPARQL queries to the store of a build, and explanations of how articles and concepts are connected."""
