"""Selection of concepts among the candidate terms of all articles, and of the relations between the concepts."""
