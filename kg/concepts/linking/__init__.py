"""Entity linking: terms and concepts of ours, and those of external vocabularies."""
