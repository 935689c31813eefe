"""The graph as GraphML, GEXF and CSV."""
