"""Files for other programs: RDF, JSON-LD, the SPARQL store, property graphs."""
