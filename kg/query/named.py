"""Named queries, which are SPARQL queries in the files ontologies/queries/NAME.rq, and their parameters.

A query begins with comment lines. The first comment line describes the answer to the query in one sentence. Then there
is a comment line for each parameter:

    # The articles that mention a concept, best first.
    # param concept concept required: its label, another label, slug or IRI
    # param limit integer default 20: at most so many rows

A parameter is a variable of the query. Each `VALUES ?concept { ... }` in the query binds it to an IRI, which is its
default or an example. The parameter `limit` is the number after each LIMIT that has its default. So a query is complete
as it is: every engine for SPARQL 1.1 can run it on graph.nt with the default base IRI. `fill` replaces the base IRI,
the IRIs and the limit by the user's values. IRIs are taken from the graph, and never from the text of a value.

A query reads the core graph only, unless it has the comment line `# graph evidence`. `run_named` tells this to Oxigraph
with FROM, since Oxigraph reads one graph twice as fast as the union of two.

A file of the same name in ontologies/queries/oxigraph has a variant of the query for the whole graph, which is used if
no parameter except the limit is given. The variant has the same answer, but computes only the first rows, with LATERAL
(https://github.com/w3c/sparql-dev/blob/main/SEP/SEP-0006/sep-0006.md), which Oxigraph understands.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final
from warnings import catch_warnings, simplefilter

from pyoxigraph import NamedNode

from kg.base.errors import QueryError, QueryWarning
from kg.base.iris import DEFAULT_BASE, slug
from kg.graph.index import GraphIndex
from kg.graph.rows import FocusKind
from kg.graph.spelling import similar_names
from kg.query.store import Queryable, Solutions


class Kind(StrEnum):
    """The type of the value of a parameter of a named query."""

    ARTICLE = "article"
    CONCEPT = "concept"
    SUBJECT = "subject"
    INTEGER = "integer"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a named query; `default` is None if the user must give a value for the parameter."""

    name: str
    kind: Kind
    default: str | None
    description: str


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """A SPARQL query that comes with kg and has a name.

    Attributes:
        name: the name of its file without the suffix.
        description: one sentence that describes the answer.
        parameters: its parameters, in the order of the file.
        sparql: the text of the query, in SPARQL 1.1.
        whole_graph: the variant of the query for Oxigraph, which has the same answer if only the limit is given; None
            if there is no variant.
        reads_evidence: whether the query needs the evidence graph in addition to the core graph.
    """

    name: str
    description: str
    parameters: tuple[Parameter, ...]
    sparql: str
    whole_graph: str | None
    reads_evidence: bool


_LIMIT: Final = "limit"
_PARAMETER: Final = re.compile(
    r"# param (?P<name>\w+) (?P<kind>\w+) (?:required|default (?P<default>\S+)): (?P<description>.+)"
)

_EVIDENCE: Final = "# graph evidence"
_WHERE: Final = re.compile(r"^WHERE \{$", re.MULTILINE)
_BASE: Final = f"BASE <{DEFAULT_BASE}>"


def list_queries() -> list[NamedQuery]:
    """Return all named queries, sorted by name."""
    folder = files("kg") / "ontologies" / "queries"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".rq"))
    return [_load(folder, name) for name in names]


def load_query(name: str) -> NamedQuery:
    """Return the named query `name`.

    Raises:
        QueryError: if there is no query with this name; the message lists the names of all queries.
    """
    queries = {query.name: query for query in list_queries()}
    if name not in queries:
        meant = "".join(f', did you mean "{close}"?' for close in get_close_matches(name, queries, n=1))
        raise QueryError(f'there is no query named "{name}"{meant or ";"} there are: {", ".join(queries)}')
    return queries[name]


def run_named(graph: Queryable, index: GraphIndex, query: NamedQuery, values: Mapping[str, str]) -> Solutions:
    """Run a named query, and return its answer.

    Args:
        graph: the object that runs queries on the build.
        index: look-ups in the same build, with which articles, concepts and subjects are found by name.
        query: a query that `list_queries` returned.
        values: the values of parameters; the keys are the names of the parameters.

    Raises:
        KgError: as `fill` and `graph.run` say.
    """
    sparql = fill(index, query, values, for_oxigraph=not values.keys() - {_LIMIT})
    if not query.reads_evidence:
        sparql = _WHERE.sub(f"FROM <{index.minter.core_graph}>\nWHERE {{", sparql, count=1)
    with catch_warnings():
        simplefilter("ignore", QueryWarning)  # a term of a named query is right, even if the graph does not have it
        answer = graph.run(sparql)
    assert isinstance(answer, Solutions)
    return answer


def fill(index: GraphIndex, query: NamedQuery, values: Mapping[str, str], for_oxigraph: bool = False) -> str:
    """Return the text of a named query with the base IRI of a build, and with the values of the parameters.

    Args:
        index: look-ups in the build, with which articles, concepts and subjects are found by name.
        query: a query that `list_queries` returned.
        values: the values of parameters; the keys are the names of the parameters.
        for_oxigraph: whether to fill `query.whole_graph`, if there is one, instead of the query in SPARQL 1.1.

    Raises:
        QueryError: if a key of `values` is not a parameter of the query, if a parameter without a default has no value,
            or if a value is invalid or not found in the graph.
        UsageError: if a value is the label of several concepts, or the title of several articles.
    """
    parameters = {parameter.name: parameter for parameter in query.parameters}
    if unknown := [name for name in values if name not in parameters]:
        known = f"it has: {', '.join(parameters)}" if parameters else "it has none"
        raise QueryError(f'the query "{query.name}" has no parameter "{unknown[0]}"; {known}')
    text = (query.whole_graph if for_oxigraph else None) or query.sparql
    text = text.replace(_BASE, f"BASE {NamedNode(index.minter.base)}", 1)
    for name, parameter in parameters.items():
        value = values.get(name)
        if value is None and parameter.default is None:
            raise QueryError(f'the query "{query.name}" needs the parameter "{name}": {parameter.description}')
        if value is None or value == parameter.default:
            continue
        if parameter.kind is Kind.INTEGER:
            text = re.sub(
                rf"LIMIT {parameter.default}$", f"LIMIT {_natural_number(name, value)}", text, flags=re.MULTILINE
            )
        else:
            iri = _find(index, parameter.kind, value)
            text = str(iri).join(re.split(rf"(?<=VALUES \?{name} {{ )\S+(?= }})", text))
    return text


def _load(folder: Traversable, file: str) -> NamedQuery:
    sparql = (folder / file).read_text("utf-8")
    first, *comments = [line for line in sparql.splitlines() if line.startswith("# ")]
    parameters = tuple(
        Parameter(found["name"], Kind(found["kind"]), found["default"], found["description"])
        for found in map(_PARAMETER.fullmatch, comments)
        if found is not None
    )
    variant = folder / "oxigraph" / file
    whole_graph = variant.read_text("utf-8") if variant.is_file() else None
    description = first.removeprefix("# ")
    return NamedQuery(
        file.removesuffix(".rq"), description, parameters, sparql, whole_graph, reads_evidence=_EVIDENCE in comments
    )


def _find(index: GraphIndex, kind: Kind, value: str) -> NamedNode:
    match kind:
        case Kind.ARTICLE:
            return _article(index, value)
        case Kind.CONCEPT:
            return _concept(index, value)
        case _:
            return _subject(index, value)


def _natural_number(name: str, value: str) -> int:
    if not re.fullmatch("[0-9]{1,9}", value):
        raise QueryError(f'the parameter "{name}" must be a whole number, not "{value}"')
    return int(value)


def _article(index: GraphIndex, value: str) -> NamedNode:
    """Return the IRI of the article whose url, IRI or title is `value`.

    The article need not exist, if at least one link leads to its url.
    """
    wanted = value if value.startswith(index.minter.base) else index.minter.article(value)
    try:
        iri = NamedNode(wanted)
    except ValueError:
        raise QueryError(f'"{value}" is not the url or the IRI of an article') from None
    found = index.by_iri(wanted)
    is_article = found is not None and found.kind is FocusKind.ARTICLE
    if is_article or wanted in map(index.minter.article, index.missing_titles):
        return iri
    titled = index.find(value, {FocusKind.ARTICLE})
    if titled is None:
        raise _not_found(FocusKind.ARTICLE, value, {*index.titles, *index.missing_titles})
    return NamedNode(titled.iri)


def _concept(index: GraphIndex, value: str) -> NamedNode:
    """Return the IRI of the concept whose label, slug or IRI is `value`; see `GraphIndex.find` for the order."""
    found = index.find(value, {FocusKind.CONCEPT}) or index.by_iri(index.minter.concept(slug(value)))
    if found is None:
        raise _not_found(FocusKind.CONCEPT, value, index.all_labels({FocusKind.CONCEPT}))
    return NamedNode(found.iri)


def _subject(index: GraphIndex, value: str) -> NamedNode:
    """Return the IRI of the subject whose IRI or label is `value`."""
    for iri in (value, index.minter.subject(value)):
        if (found := index.by_iri(iri)) is not None and found.kind is FocusKind.SUBJECT:
            return NamedNode(iri)
    raise _not_found(FocusKind.SUBJECT, value, index.all_labels({FocusKind.SUBJECT}))


def _not_found(kind: str, value: str, known: Collection[str]) -> QueryError:
    close = [f'"{name}"' for name in similar_names(value, known)]
    meant = f"; did you mean {' or '.join(close)}?" if close else ""
    return QueryError(f'the graph has no {kind} "{value}"{meant}')
