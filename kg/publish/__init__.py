"""From the tables to files that other programs and people read."""
