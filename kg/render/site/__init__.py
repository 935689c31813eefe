"""A site with a page for everything that has an IRI, and JSON-LD to embed in the articles' own pages."""
