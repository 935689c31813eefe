"""A build in Python: data frames, networkx, rdflib, SPARQL and pictures."""
