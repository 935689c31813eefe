"""From the candidates of a whole corpus to concepts and the articles that they stand in."""
