"""Entity linking: terms and concepts of the corpus, matched with concepts of external vocabularies."""
