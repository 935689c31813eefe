"""The tables: the one source of everything that is published."""
