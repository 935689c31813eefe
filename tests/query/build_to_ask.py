"""A build that named queries are asked of: its store, and its index for their parameters."""

from pathlib import Path
from typing import NamedTuple, Self

from kg.graph.index import GraphIndex
from kg.query.formats import rows_as_text
from kg.query.named import load_query, run_named
from kg.query.store import GraphStore, open_store

Rows = list[tuple[str, ...]]


class Build(NamedTuple):
    """The store and the index of one build."""

    store: GraphStore
    index: GraphIndex

    @classmethod
    def open(cls, out: Path) -> Self:
        store = open_store(out)
        return cls(store, GraphIndex.open(out / "tables", store.minter))

    def ask(self, name: str, **values: str) -> tuple[tuple[str, ...], Rows]:
        """The columns and rows of a named query, as a person sees them."""
        answer = run_named(self.store, self.index, load_query(name), values)
        columns, rows = rows_as_text(answer, self.store.minter.base)
        return columns, list(rows)
