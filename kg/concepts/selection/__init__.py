"""Selection of concepts: the choice of concepts for each article, their labels, and the tables that list them."""
