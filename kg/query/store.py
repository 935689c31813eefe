"""Read-only access to the store of a build, for SPARQL queries over its graph."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    QuerySolutions,
    QueryTriples,
    Store,
    Triple,
)

from kg.base.consistent_read import consistently
from kg.base.errors import DataError
from kg.base.iris import PREFIXES, Minter
from kg.base.report import read_report
from kg.query.syntax import names_dataset, refuse_service, syntax_error

Term = NamedNode | BlankNode | Literal | Triple
Row = tuple[Term | None, ...]


@dataclass(frozen=True, slots=True)
class Solutions:
    """The answer to a SELECT query.

    A row has one RDF term for each variable, in the order of `variables`. It has None for a variable without a value.
    """

    variables: tuple[str, ...]
    rows: Iterator[Row]


Result = Solutions | Iterator[Triple] | bool
"""The result of a SPARQL query.

It is `Solutions` for a SELECT, triples for a CONSTRUCT or DESCRIBE, and a truth value for an ASK.
"""


class Queryable(Protocol):
    """Access to a build by SPARQL.

    The access is in this process (`GraphStore`) or in another process (`kg.query.process.QueryRunner`).
    """

    @property
    def minter(self) -> Minter:
        """The IRIs of the build."""

    def run(self, sparql: str) -> Result:
        """Run a SPARQL query; see `GraphStore.run`."""


@dataclass(frozen=True, slots=True)
class GraphStore:
    """The SPARQL store of one build.

    If a query does not name its graphs with FROM or FROM NAMED, its default graph is the union of the core graph and
    the evidence. GRAPH can refer to these two graphs, and also to the graphs of dataset.ttl and of the ontology.
    """

    store: Store
    minter: Minter

    def run(self, sparql: str) -> Result:
        """Run a SPARQL query.

        Args:
            sparql: the text of the query. It need not declare the prefixes in `kg.base.iris.PREFIXES`. Relative IRIs
                are resolved against the base IRI of the build.

        Returns:
            Solutions, triples or a truth value. Rows and triples are computed only when they are iterated over.

        Raises:
            QueryError: if the query does not parse, is an update, or calls another SPARQL endpoint.
        """
        refuse_service(sparql)
        try:
            answer = self.store.query(
                sparql,
                prefixes=PREFIXES,
                base_iri=self.minter.base,
                default_graph=None if names_dataset(sparql) else self._default_graph(),
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

    def _default_graph(self) -> list[NamedNode | BlankNode | DefaultGraph]:
        return [NamedNode(self.minter.core_graph), NamedNode(self.minter.evidence_graph)]

    def select(self, sparql: str) -> Iterator[Row]:
        """Run a SELECT query, and return its rows."""
        result = self.run(sparql)
        assert isinstance(result, Solutions)
        return result.rows


def open_store(out: Path) -> GraphStore:
    """Open the store of the build in the folder `out`.

    Raises:
        DataError: if `out` is not a build by kg, or its store is missing or damaged.
    """
    return consistently(out, lambda: _open(out))


def _open(out: Path) -> GraphStore:
    minter = Minter(read_report(out).configuration["base"])
    try:
        store = Store.read_only(str(out / "store"))
    except (OSError, RuntimeError) as error:  # an error of RocksDB, the database of the store, is a RuntimeError
        raise DataError(
            f"{out / 'store'}: the store cannot be opened ({error}); build the graph again with --no-cache"
        ) from error
    return GraphStore(store, minter)
