"""Relations between concepts (skos:broader and skos:related), and definitions of concepts."""
