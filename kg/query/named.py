"""Named queries, which are SPARQL queries in the files ontologies/queries/NAME.rq, and their parameters.

A query begins with comment lines. The first comment line describes the answer to the query in one sentence. Then there
is a comment line for each parameter:

    # The articles that mention a concept, best first.
    # param concept concept required: its label, another label, slug or IRI
    # param limit integer default 20: at most so many rows

A parameter is a variable of the query, and the SELECT clause must list this variable. The value of the parameter is
bound to the variable, and never pasted into the text of the query. The column of the variable is removed from the
answer. A default value in angle brackets means all articles, all concepts or all subjects. The parameter `limit` is an
exception, since the number of a LIMIT cannot be a variable in SPARQL: `limit` is the maximum number of rows that are
taken from the answer. If the store computes rows one by one, it does not compute the remaining rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from importlib.resources import files
from itertools import islice
from typing import Final

from pyoxigraph import Literal, NamedNode

from kg.base.errors import QueryError
from kg.base.iris import Minter, slug
from kg.graph.index import FocusKind, GraphIndex
from kg.query.store import Queryable, Solutions


class Kind(StrEnum):
    """The type of the value of a parameter of a named query."""

    ARTICLE = "article"
    CONCEPT = "concept"
    SUBJECT = "subject"
    INTEGER = "integer"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a named query; `default` is None if the user must give a value for the parameter."""

    name: str
    kind: Kind
    default: str | None
    description: str


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """A SPARQL query that comes with kg and has a name; `description` describes its answer in one sentence."""

    name: str
    description: str
    parameters: tuple[Parameter, ...]
    sparql: str


_LIMIT: Final = "limit"
_PARAMETER: Final = re.compile(
    r"# param (?P<name>\w+) (?P<kind>\w+) (?:required|default (?P<default>\S+)): (?P<description>.+)"
)

_EVERYTHING: Final[dict[str, Callable[[Minter], NamedNode | None]]] = {
    "<articles>": lambda minter: None,  # there is no IRI for all articles: nothing is bound to the variable
    "<concepts>": lambda minter: NamedNode(minter.concept_scheme),
    "<subjects>": lambda minter: NamedNode(minter.subject_scheme),
}
"""Maps each default value that means all articles, all concepts or all subjects, such as "<subjects>", to a function.

The function returns the RDF term that is bound to the query's variable, or None if nothing is to be bound.
"""


def list_queries() -> list[NamedQuery]:
    """Return all named queries, sorted by name."""
    folder = files("kg") / "ontologies" / "queries"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".rq"))
    return [_parse(name.removesuffix(".rq"), (folder / name).read_text("utf-8")) for name in names]


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
    """Run a named query, and return its answer, without the columns of the parameters.

    Args:
        graph: what runs queries on a build.
        index: look-ups in the same build, with which articles, concepts and subjects are found by name.
        query: a query that `list_queries` returned.
        values: the values of parameters; the keys are the names of the parameters.

    Raises:
        QueryError: if a key of `values` is not a parameter of the query, if a parameter without a default has no value,
            or if a value is invalid or not found in the graph.
    """
    parameters = {parameter.name: parameter for parameter in query.parameters}
    if unknown := [name for name in values if name not in parameters]:
        known = f"it has: {', '.join(parameters)}" if parameters else "it has none"
        raise QueryError(f'the query "{query.name}" has no parameter "{unknown[0]}"; {known}')
    given = {name: values.get(name, parameter.default) for name, parameter in parameters.items()}
    bound: dict[str, NamedNode | Literal] = {}
    limit = None
    for name, value in given.items():
        if value is None:
            what = parameters[name].description
            raise QueryError(f'the query "{query.name}" needs the parameter "{name}": {what}')
        if name == _LIMIT:
            limit = _natural_number(name, value)
        elif (term := _resolve(index, parameters[name], value)) is not None:
            bound[name] = term
    answer = graph.run(query.sparql, bound)
    assert isinstance(answer, Solutions)
    kept = [position for position, name in enumerate(answer.variables) if name not in parameters]
    rows = (tuple(row[position] for position in kept) for row in islice(answer.rows, limit))
    return Solutions(tuple(answer.variables[position] for position in kept), rows)


def _parse(name: str, sparql: str) -> NamedQuery:
    first, *comments = [line for line in sparql.splitlines() if line.startswith("# ")]
    parameters = tuple(
        Parameter(found["name"], Kind(found["kind"]), found["default"], found["description"])
        for found in map(_PARAMETER.fullmatch, comments)
        if found is not None
    )
    return NamedQuery(name, first.removeprefix("# "), parameters, sparql)


def _resolve(index: GraphIndex, parameter: Parameter, value: str) -> NamedNode | Literal | None:
    if value == parameter.default and (everything := _EVERYTHING.get(value)):
        return everything(index.minter)
    match parameter.kind:
        case Kind.ARTICLE:
            return _article(index, value)
        case Kind.CONCEPT:
            return _concept(index, value)
        case Kind.SUBJECT:
            return _known(index, FocusKind.SUBJECT, value, (value, index.minter.subject(value)))
        case Kind.INTEGER:
            return Literal(_natural_number(parameter.name, value))
        case Kind.TEXT:
            return Literal(value)


def _natural_number(name: str, value: str) -> int:
    if not re.fullmatch("[0-9]{1,9}", value):
        raise QueryError(f'the parameter "{name}" must be a whole number, not "{value}"')
    return int(value)


def _article(index: GraphIndex, value: str) -> NamedNode:
    """Return the IRI of the article whose url or IRI is `value`.

    The article need not exist, if at least one link leads to it.
    """
    wanted = value if value.startswith(index.minter.base) else index.minter.article(value)
    try:
        iri = NamedNode(wanted)
    except ValueError:
        raise QueryError(f'"{value}" is not the url or the IRI of an article') from None
    found = index.by_iri(wanted)
    is_article = found is not None and found.kind is FocusKind.ARTICLE
    if not is_article and wanted not in map(index.minter.article, index.missing_titles):
        raise _not_found("article", value, {*index.titles, *index.missing_titles})
    return iri


def _concept(index: GraphIndex, value: str) -> NamedNode:
    """Return the IRI of the concept whose label, slug or IRI is `value`.

    `value` is compared with preferred labels first, then with alternative and hidden labels, then with slugs and IRIs.
    If several concepts have the same label, the concept that the most articles have is chosen.
    """
    wanted = value.lower()
    labelled = []
    for row in index.concepts(focus.key for focus in index.matches(value, {FocusKind.CONCEPT})).values():
        is_preferred = wanted == row.pref_label.lower()
        if is_preferred or wanted in map(str.lower, (*row.alt_labels, *row.hidden_labels)):
            labelled.append((not is_preferred, -row.article_count, index.minter.concept(row.slug)))
    if labelled:
        return NamedNode(min(labelled)[2])
    iris = (value, index.minter.concept(value), index.minter.concept(slug(value)))
    return _known(index, FocusKind.CONCEPT, value, iris)


def _known(index: GraphIndex, kind: FocusKind, value: str, iris: Iterable[str]) -> NamedNode:
    """Return the first of `iris` that is the IRI of something of the kind `kind`, such as a concept.

    Raises:
        QueryError: if there is none; the message has the name `value`, and suggests similar names.
    """
    for iri in iris:
        if (found := index.by_iri(iri)) is not None and found.kind is kind:
            return NamedNode(iri)
    raise _not_found(kind, value, index.all_labels({kind}))


def _not_found(kind: str, value: str, known: Iterable[str]) -> QueryError:
    by_folded = {text.casefold(): text for text in sorted(known)}
    close = [f'"{by_folded[match]}"' for match in get_close_matches(value.casefold(), by_folded, n=3, cutoff=0.6)]
    meant = f"; did you mean {' or '.join(close)}?" if close else ""
    return QueryError(f'the graph has no {kind} "{value}"{meant}')
