"""Notes on terms of a SPARQL query that the graph does not have, such as a misspelt property.

Such a query is valid, but its answer is often empty without an explanation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from difflib import get_close_matches
from functools import lru_cache
from itertools import islice
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode, RdfFormat, Store, parse

from kg.base.iris import PREFIXES
from kg.base.languages import bare_language
from kg.export.rdf import terms as vocabulary
from kg.query.store import GraphStore
from kg.query.syntax import TOKEN

MAX_TERMS: Final = 1000
"""Maximum number of different terms of a query that are looked up."""
_IN_LANGUAGE: Final = NamedNode(PREFIXES["schema"] + "inLanguage")
_STRING: Final = NamedNode(PREFIXES["xsd"] + "string")
_INSECURE: Final = "http://schema.org/"
"""The namespace of schema.org with "http", which other graphs use. In this graph, it begins with "https"."""
_NAMESPACES: Final = (*(PREFIXES[prefix] for prefix in ("kg", "schema", "skos", "dcterms", "oa", "prov")), _INSECURE)
_DECLARATIONS: Final = {"BASE": 2, "PREFIX": 3}
"""Key: the keyword of a declaration, which is the same in Turtle. Value: the number of tokens of the declaration."""
_CLOSING: Final = {"(": ")", "{": "}", "[": "]"}
_QUOTES: Final = ("'", '"')


def notes_on(sparql: str, graph: GraphStore) -> list[str]:
    """Return a sentence for each term of a valid query that the graph does not have, in the order of the query.

    These terms are looked up:

    - IRIs in the namespaces of the vocabularies that the graph uses, such as SKOS
    - IRIs that begin with the base IRI of the build
    - strings in graph patterns, as values of the property before them; a string is reported only if the graph has it as
      a value of this property, but with another language tag (a missing tag counts as another tag)
    """
    found = (_note(term, graph) for term in islice(_distinct(_terms(sparql, graph.minter.base)), MAX_TERMS))
    return [note for note in found if note is not None]


def _distinct(terms: Iterable[_Term]) -> Iterator[_Term]:
    seen: set[_Term] = set()
    for term in terms:
        if term not in seen:
            seen.add(term)
            yield term


class _Term(NamedTuple):
    """A term of a query; `property` is the IRI before a string, if there is one."""

    value: NamedNode | Literal
    property: NamedNode | None = None


def _note(used: _Term, graph: GraphStore) -> str | None:
    term = used.value
    if isinstance(term, Literal):
        return _note_on_string(term, used.property, graph.store)
    is_own = term.value.startswith(graph.minter.base)
    if not is_own and not term.value.startswith(_NAMESPACES):
        return None
    if term.value == graph.minter.base or _has(graph.store, term):
        return None
    if is_own:
        return f"<{term.value.removeprefix(graph.minter.base)}> is not in the graph"
    name = _curie(NamedNode(term.value.replace(_INSECURE, PREFIXES["schema"], 1)))
    prefix, _, local = name.partition(":")
    known = [other.partition(":")[2] for other in _vocabulary() if other.startswith(f"{prefix}:")]
    is_insecure = term.value.startswith(_INSECURE)
    close = [other for other in get_close_matches(local, known, n=1, cutoff=0.7) if is_insecure or other != local]
    shown = str(term) if is_insecure else name
    return f"{shown} is not in the graph" + "".join(f"; did you mean {prefix}:{match}?" for match in close)


def _note_on_string(term: Literal, property: NamedNode | None, store: Store) -> str | None:
    is_string = term.datatype == _STRING or term.language is not None
    if not is_string or _is_value(store, property, term):
        return None
    objects = {quad.object for quad in store.quads_for_pattern(None, _IN_LANGUAGE, None)}
    tags = {language.value for language in objects if isinstance(language, Literal)}
    languages = tags | {bare_language(tag) for tag in tags}  # titles have the first, and labels the second
    others = [Literal(term.value), *(Literal(term.value, language=language) for language in sorted(languages))]
    had = [str(other) for other in others if _is_value(store, property, other)]
    if not had:
        return None
    return f"{'the graph' if property is None else _curie(property)} has no value {term}, but {' and '.join(had)}"


def _curie(iri: NamedNode) -> str:
    """Return an IRI as a prefixed name if it has one of kg's prefixes."""
    found = (f"{prefix}:{iri.value[len(start) :]}" for prefix, start in PREFIXES.items() if iri.value.startswith(start))
    return next(found, str(iri))


def _vocabulary() -> list[str]:
    """Return the prefixed names of the terms of vocabularies that the graph uses."""
    iris = {term.value for term in vars(vocabulary).values() if isinstance(term, NamedNode)}
    return [_curie(NamedNode(iri)) for iri in sorted(iris) if iri.startswith(_NAMESPACES)]


def _has(store: Store, iri: NamedNode) -> bool:
    patterns = ((iri, None, None), (None, iri, None), (None, None, iri))
    return store.contains_named_graph(iri) or any(next(store.quads_for_pattern(*pattern), None) for pattern in patterns)


def _is_value(store: Store, property: NamedNode | None, term: Literal) -> bool:
    return next(store.quads_for_pattern(None, property, term), None) is not None


def _terms(sparql: str, base: str) -> Iterator[_Term]:
    """Yield the IRIs of a query, and the strings in its graph patterns.

    A string inside parentheses is part of an expression, such as `FILTER(STR(?label) = "drift")`, and is left out. The
    template of a CONSTRUCT is also left out, since its terms need not be in the graph.
    """
    tokens = [token[0] for token in TOKEN.finditer(sparql) if token["skipped"] is None]
    prefixes = {f"{prefix}:": iri for prefix, iri in PREFIXES.items()}
    open_brackets: list[str] = []
    property = None
    place = 0
    while place < len(tokens):
        token, following = tokens[place], tokens[place + 1 : place + 3]
        length = 1
        if token.upper() in _DECLARATIONS:
            length = _DECLARATIONS[token.upper()]
            declared = _parsed(tokens[place + length - 1], "", base) if len(following) >= length - 1 else None
            if isinstance(declared, NamedNode) and length == _DECLARATIONS["BASE"]:
                base = declared.value
            elif isinstance(declared, NamedNode):
                prefixes[tokens[place + 1]] = declared.value
        elif token in _CLOSING:
            open_brackets.append("template" if place and tokens[place - 1].upper() == "CONSTRUCT" else token)
        elif token in _CLOSING.values():
            del open_brackets[-1:]
        elif "template" not in open_brackets and _is_term(token):
            if token[0] in _QUOTES:
                length += 2 if following[:1] == ["^^"] else "".join(following[:1]).startswith("@")
            prefix = "".join(tokens[place + length - 1 : place + length]).partition(":")[0] + ":"
            declaration = f"PREFIX {prefix} <{prefixes[prefix]}>" if prefix in prefixes else ""
            term = _parsed("".join(tokens[place : place + length]), declaration, base)
            if isinstance(term, NamedNode):
                property = term
                yield _Term(term)
            elif term is not None and open_brackets[-1:] != ["("]:
                yield _Term(term, property)
        elif token != ",":
            property = None
        place += length


def _is_term(token: str) -> bool:
    """Return whether a token is an IRI, a prefixed name or a string."""
    is_iri = token[0] == "<" and token[-1] == ">" and token[1] not in "?$"  # `?a<?b&&?b>?c` has no IRI
    return is_iri or token[0] in _QUOTES or (":" in token and token[0] not in "?$@_")


@lru_cache(1 << 12)  # the same terms are often in a query many times
def _parsed(text: str, declaration: str, base: str) -> NamedNode | Literal | None:
    """Return the term that `text` means, or None if it is not a term.

    `declaration` declares its prefix, if it has one.
    """
    document = f"{declaration}\n<urn:subject> <urn:predicate> {text} ."
    with suppress(SyntaxError):
        for quad in parse(document, RdfFormat.TURTLE, base_iri=base):
            if isinstance(quad.object, NamedNode | Literal):
                return quad.object
    return None
