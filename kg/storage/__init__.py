"""File storage of builds: the cache of rows, and the staging of an output folder."""
