"""Is a build what it says it is: its files, its SKOS, its evidence and its shapes."""
