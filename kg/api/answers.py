"""Conversion of answers to SPARQL queries into pandas data frames and rdflib graphs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, Final

import pandas as pd
import rdflib
from pyoxigraph import Literal, NamedNode, RdfFormat, serialize

from kg.base.iris import PREFIXES
from kg.query.store import Result, Solutions, Term

_XSD: Final = PREFIXES["xsd"]
_CASTS: Final[dict[str, Callable[[str], Any]]] = {
    **{_XSD + name: int for name in ("integer", "int", "long", "short", "nonNegativeInteger", "positiveInteger")},
    **{_XSD + name: float for name in ("decimal", "double", "float")},
    _XSD + "boolean": lambda text: text in {"true", "1"},
    _XSD + "date": dt.date.fromisoformat,
    _XSD + "dateTime": dt.datetime.fromisoformat,
}


def frame_or_graph(answer: Result) -> pd.DataFrame | rdflib.Graph:
    """Return the answer to a SPARQL query as a data frame or a graph; see `kg.api.graph.Graph.query`."""
    match answer:
        case bool():
            return pd.DataFrame({"answer": [answer]})
        case Solutions():
            return _frame(answer.variables, list(answer.rows))
        case triples:
            graph = rdflib.Graph()
            for prefix, iri in PREFIXES.items():
                graph.bind(prefix, iri, replace=True)
            return graph.parse(data=serialize(triples, format=RdfFormat.N_TRIPLES), format="nt")


def _frame(columns: Sequence[str], rows: Sequence[tuple[Term | None, ...]]) -> pd.DataFrame:
    values = {name: _series([_value(row[place]) for row in rows]) for place, name in enumerate(columns)}
    return pd.DataFrame(values, columns=list(columns))


def _value(term: Term | None) -> Any:
    """Return an RDF term (an IRI, a literal or a blank node) as a Python value.

    An IRI becomes text. A literal becomes a value of the Python type that fits its datatype. If the literal is not
    valid for its datatype, it becomes text.
    """
    match term:
        case None:
            return None
        case NamedNode():
            return term.value
        case Literal():
            try:
                return _CASTS.get(term.datatype.value, str)(term.value)
            except ValueError:
                return term.value
        case _:
            return str(term)


def _series(values: list[Any]) -> pd.Series:
    """Return the values as a pandas column of the narrowest type that can hold all of them; None is a missing value."""
    types = {type(value) for value in values if value is not None}
    complete = None not in values
    if int in types and any(type(value) is int and not -(2**63) <= value < 2**63 for value in values):
        return pd.Series(values, dtype="object")  # no NumPy type can hold such a number
    if types == {int}:
        return pd.Series(values, dtype="int64" if complete else "Int64")
    if types and types <= {int, float}:
        return pd.Series(values, dtype="float64")
    if types == {bool}:
        return pd.Series(values, dtype="bool" if complete else "boolean")
    if types in ({dt.date}, {dt.datetime}):
        return pd.to_datetime(pd.Series(values, dtype="object"), utc=types == {dt.datetime})
    return pd.Series(values, dtype="str" if types <= {str} else "object")
