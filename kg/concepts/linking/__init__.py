"""Entity linking: the terms of the articles are matched with concepts of external SKOS vocabularies."""
