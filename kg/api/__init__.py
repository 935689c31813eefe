"""Access to a build from Python: as data frames, in networkx and rdflib, with SPARQL, and as pictures."""
