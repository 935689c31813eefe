"""A build's store, opened to be read: SPARQL over its graph, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QuerySolutions,
    QueryTriples,
    Store,
    Triple,
    Variable,
)

from kg.base.consistent_read import consistently
from kg.base.errors import DataError
from kg.base.iris import PREFIXES, Minter
from kg.base.report import read_report
from kg.query.syntax import refuse_service, syntax_error

Term = NamedNode | BlankNode | Literal | Triple
Row = tuple[Term | None, ...]


@dataclass(frozen=True, slots=True)
class Solutions:
    """The answer to a SELECT: its variables' names, and one tuple a row with a value (or None) for each of them."""

    variables: tuple[str, ...]
    rows: Iterator[Row]


Result = Solutions | Iterator[Triple] | bool
"""Solutions of a SELECT, the triples of a CONSTRUCT or DESCRIBE, the answer of an ASK."""


@dataclass(frozen=True, slots=True)
class GraphStore:
    """The graph of one build; every query sees the union of its named graphs."""

    store: Store
    minter: Minter

    def run(self, sparql: str, bindings: Mapping[str, NamedNode | Literal] | None = None) -> Result:
        """Run a query in which the prefixes of `kg.base.iris.PREFIXES` need no declaration.

        `bindings` gives values to variables; each has to be in the SELECT's projection (SEP-0007 of sparql-dev). The
        rows are read while they are iterated over.

        Raises:
            QueryError: if the query does not parse, is an update, or calls another endpoint.
        """
        refuse_service(sparql)
        try:
            answer = self.store.query(
                sparql,
                prefixes=PREFIXES,
                use_default_graph_as_union=True,
                substitutions={Variable(name): value for name, value in (bindings or {}).items()},
            )
        except SyntaxError:
            raise syntax_error(sparql) from None
        match answer:
            case QuerySolutions():
                return Solutions(tuple(v.value for v in answer.variables), (tuple(row) for row in answer))
            case QueryTriples():
                triples: Iterator[Triple] = iter(answer)
                return triples
            case _:
                return bool(answer)

    def select(self, sparql: str, bindings: Mapping[str, NamedNode | Literal] | None = None) -> Iterator[Row]:
        """The rows of a SELECT of ours; see `run`."""
        result = self.run(sparql, bindings)
        assert isinstance(result, Solutions)
        return result.rows


def open_store(out: Path) -> GraphStore:
    """Open the store of the build in the folder `out`.

    Raises:
        DataError: if `out` is not a build of ours, or its store is missing or damaged.
    """
    return consistently(out, lambda: _open(out))


def _open(out: Path) -> GraphStore:
    minter = Minter(read_report(out).configuration["base"])
    try:
        store = Store.read_only(str(out / "store"))
    except (OSError, RuntimeError) as error:  # RocksDB's own failures are the latter
        raise DataError(
            f"{out / 'store'}: the store cannot be opened ({error}); build the graph again with --no-cache"
        ) from error
    return GraphStore(store, minter)
