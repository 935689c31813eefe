"""The graph as RDF: its nodes, its evidence, the description of the dataset, and the files with them."""
