"""The graph as RDF: nodes, evidence, the description of the dataset, and their serialisations."""
