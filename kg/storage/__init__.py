"""Storage of files: the cache of what earlier builds computed, and the staging of an output folder."""
