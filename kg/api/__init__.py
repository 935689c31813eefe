"""Access to a build from Python: data frames, networkx and rdflib graphs, SPARQL queries, explanations and pictures."""
