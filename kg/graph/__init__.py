"""The graph: articles, links, network, communities, layout, and the read model over the tables."""
