"""Default limits of SPARQL queries, in a module that the command line can import without the query engine."""

from typing import Final

TIMEOUT: Final = 60.0
"""Number of seconds after which a query is stopped."""
MAX_ROWS: Final = 5_000_000
"""Maximum number of rows or triples of an answer."""
