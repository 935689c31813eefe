"""Storage of files: the cache of what earlier builds read and tagged, and the replacement of the output folder."""
