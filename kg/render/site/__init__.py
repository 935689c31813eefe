"""A site: a page for everything that has an IRI, and JSON-LD to embed in the pages of the articles."""
