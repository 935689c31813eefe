"""A static site with a page for every IRI of the graph, and JSON-LD files to embed in the articles' own web pages."""
