"""The graph of a build as an rdflib dataset: read-only from its store, or as a copy in memory."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator, Mapping
from io import BufferedReader
from itertools import chain
from pathlib import Path
from typing import Any, NoReturn, cast

import pyoxigraph as ox
from oxrdflib import OxigraphStore
from rdflib import Dataset, Graph
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result
from rdflib.term import Identifier, URIRef
from rdflib.term import Literal as RdfLiteral

from kg.base.errors import DataError, QueryError, UsageError
from kg.base.iris import PREFIXES, Minter
from kg.export.rdf.evidence_graph import FILE_NAME as EVIDENCE
from kg.export.rdf.serialize import NTRIPLES
from kg.query.store import open_store
from kg.query.syntax import check_size, names_dataset, refuse_service, syntax_error


def stored_dataset(out: Path) -> Dataset:
    """Return the graph of the build in the folder `out` as a read-only dataset that reads from the build's store.

    Raises:
        DataError: if the store cannot be opened.
    """
    opened = open_store(out)
    there = set(opened.store.named_graphs())
    view = _UnionView(opened.store, [graph for graph in _graphs(opened.minter) if graph in there])
    return _dataset(_ReadOnlyStore(cast(ox.Store, view), opened.minter.base))


def loaded_dataset(out: Path, minter: Minter) -> Dataset:
    """Return a copy in memory of the graph of the build in the folder `out`, as a dataset that can be changed.

    Raises:
        DataError: if a file with triples is missing or damaged.
    """
    store = ox.Store()
    core, evidence = _graphs(minter)
    try:
        store.bulk_load(path=str(out / NTRIPLES), format=ox.RdfFormat.N_TRIPLES, to_graph=core, lenient=True)
        if (out / EVIDENCE).exists():
            with BufferedReader(gzip.open(out / EVIDENCE)) as lines:
                store.bulk_load(lines, format=ox.RdfFormat.N_TRIPLES, to_graph=evidence, lenient=True)
    except (OSError, EOFError, SyntaxError, zlib.error) as error:
        raise DataError(f"{out}: the triples cannot be read ({error}); build the graph again") from error
    return _dataset(_Store(store, minter.base))


def _graphs(minter: Minter) -> tuple[ox.NamedNode, ox.NamedNode]:
    return ox.NamedNode(minter.core_graph), ox.NamedNode(minter.evidence_graph)


def _dataset(store: OxigraphStore) -> Dataset:
    dataset = Dataset(store, default_union=True)
    for prefix, iri in PREFIXES.items():
        dataset.bind(prefix, iri, replace=True)
    return dataset


class _Store(OxigraphStore):
    """An rdflib store whose queries are run by Oxigraph after the checks of `kg.query`."""

    def __init__(self, store: ox.Store, base: str) -> None:
        super().__init__(store=store)
        self.base = base

    def query(
        self,
        query: Query | str,
        initNs: Mapping[str, Any],  # noqa: N803 - rdflib passes it by this name
        initBindings: Mapping[str, Identifier],  # noqa: N803 - as above
        queryGraph: str | None,  # noqa: N803 - as above
        **kwargs: object,
    ) -> Result:
        bound = {name: str(iri) for name, iri in self.namespaces()}
        prefixes = {**PREFIXES, **bound, **{name: str(iri) for name, iri in initNs.items()}}
        if isinstance(query, str):
            check_size(query)
            refuse_service(query, prefixes)
            if names_dataset(query):
                queryGraph = None  # noqa: N806 - oxrdflib would ignore FROM
        else:
            _refuse_network(query.algebra)
        try:
            # Relative IRIs are resolved against the base IRI of the build, as in kg.query.
            based = f"BASE <{self.base}> {query}" if isinstance(query, str) else query
            return super().query(based, initNs, initBindings, cast(str, queryGraph), **kwargs)
        except SyntaxError:
            raise syntax_error(str(query), prefixes) from None
        except RuntimeError as error:
            if not initBindings:
                raise
            if queryGraph is None:  # rdflib would load the graphs after FROM from the network
                raise QueryError("a query with FROM takes values only for variables that it returns") from error
            # Oxigraph binds only variables in the SELECT clause. With this error, a store asks rdflib to run the query.
            raise NotImplementedError from error

    def triples(self, triple_pattern: Any, context: Graph | None = None) -> Any:
        subject, predicate, _ = triple_pattern
        # rdflib asks for such triples where a variable has a literal as its value. oxrdflib would raise an error.
        if isinstance(subject, RdfLiteral) or not isinstance(predicate, URIRef | None):
            return iter(())
        return super().triples(triple_pattern, cast(Graph, context))


def _refuse_network(part: object) -> None:
    """Raise an error if a query parsed by rdflib contains SERVICE or FROM, since rdflib would read from the network."""
    parts = [part]
    while parts:
        match parts.pop():
            case CompValue() as value:
                if value.name == "ServiceGraphPattern" or dict.get(value, "datasetClause"):
                    what = "SERVICE" if value.name == "ServiceGraphPattern" else "FROM in a prepared query"
                    raise QueryError(f"{what} is not allowed: a query reads this graph and never the network")
                parts.extend(value.values())
            case list() | tuple() as several:
                parts.extend(several)
            case _:
                pass


class _ReadOnlyStore(_Store):
    """An rdflib store that reads a `_UnionView` and rejects changes."""

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise UsageError("this dataset is read-only; to_rdflib(in_memory=True) returns a copy that can be changed")

    add = addN = remove = remove_graph = update = destroy = _refuse  # noqa: N815 - a name of rdflib

    def add_graph(self, graph: Graph) -> None:
        # Dataset.graph calls this for each graph that it returns.
        if graph.identifier not in {DATASET_DEFAULT_GRAPH_ID, *(there.identifier for there in self.contexts())}:
            self._refuse()

    def __len__(self, context: Graph | None = None) -> int:
        # oxrdflib counts distinct triples, which takes minutes. These graphs have no triple in common.
        if context is None:
            return sum(self.__len__(graph) for graph in self.contexts())
        rows: Any = self.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", {}, {}, context.identifier)
        ((count,),) = rows
        return int(count)


class _UnionView:
    """A pyoxigraph store limited to `graphs`, with the methods that oxrdflib uses for reading.

    If no graph is named, they read the union of `graphs`.
    """

    def __init__(self, store: ox.Store, graphs: list[ox.NamedNode]) -> None:
        self._store = store
        self._graphs: list[Any] = graphs  # the signature of pyoxigraph's query accepts no list[NamedNode]

    def named_graphs(self) -> Iterator[ox.NamedNode]:
        return iter(self._graphs)

    def quads_for_pattern(self, subject: Any, predicate: Any, object: Any, graph: Any = None) -> Iterator[ox.Quad]:
        graphs = self._graphs if graph is None else [graph]
        return chain.from_iterable(self._store.quads_for_pattern(subject, predicate, object, g) for g in graphs)

    def query(
        self, query: str, *, use_default_graph_as_union: bool, default_graph: ox.NamedNode | None, **options: Any
    ) -> Any:
        if use_default_graph_as_union:
            return self._store.query(query, default_graph=self._graphs, named_graphs=self._graphs, **options)
        if default_graph is not None:
            return self._store.query(query, default_graph=default_graph, named_graphs=self._graphs, **options)
        return self._store.query(query, **options)  # it names its graphs
