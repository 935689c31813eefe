"""The graph: articles, links, the weighted network, communities, layout, and look-ups in the tables of a build."""
