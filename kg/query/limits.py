"""Limits of SPARQL queries if no others are given. The command line reads them without importing what runs queries."""

from typing import Final

TIMEOUT: Final = 60.0
"""Number of seconds after which a query is stopped."""
MAX_ROWS: Final = 5_000_000
"""Maximum number of rows or triples of an answer."""
