"""Where builds keep files: the cache of rows, and the staging of an output folder."""
