"""Diagnosis of syntax errors in SPARQL queries, and refusal of queries that call other SPARQL endpoints.

Oxigraph's parser reports imprecise positions of errors: if it tried in vain to match a keyword, it reports the position
where this attempt ended. Therefore this module has the parser read beginnings of the query, which end after the first
token, the second token and so on. It finds the shortest beginning that cannot be continued to a valid query. The last
token of this beginning is the wrong one.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from functools import cache
from itertools import product
from string import ascii_lowercase
from typing import Final

from pyoxigraph import Store

from kg.base.errors import QueryError
from kg.base.iris import DEFAULT_BASE, PREFIXES

MAX_LENGTH: Final = 1_000_000
"""Maximum number of characters of a query."""
MAX_DEPTH: Final = 200
"""Maximum nesting depth of brackets in a query. Oxigraph's parser crashes at a depth of some thousands."""

_SERVICE: Final = re.compile("service", re.IGNORECASE)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
TOKEN: Final = re.compile(
    r'''"""(?:\\.|[^\\])*?"""|\'\'\'(?:\\.|[^\\])*?\'\'\''''
    r"""|"(?:\\.|[^"\\\n\r])*"|'(?:\\.|[^'\\\n\r])*'"""
    r'|<[^<>"{}|^`\\\x00-\x20]*>'
    r"|<[^<>\n(){}?$]*>"  # not an IRI, for example because it contains a space, but probably meant as one
    r"|(?P<skipped>\s+|#[^\n\r]*)"
    r"|[?$@]?[\w:](?:(?:[\w:.%-]|\\[_~.!$&'()*+,;=/?#@%-])*(?:[\w:]|\\[_~.!$&'()*+,;=/?#@%-]))?"
    r"|\^\^|&&|\|\||[<>!]=|.",
    re.DOTALL,
)
_PLACE: Final = re.compile(r"error at (\d+):(\d+): ")
_SENTENCE: Final = re.compile(r"(?:expected|one of|,) ([A-Z]\w*(?: [a-zA-Z]+)+)")
_MESSAGES: Final = {
    "Prefix not found": 'the prefix of "{0}" is not declared; these are known: {1}',
    "IRI parsing failed": "{0} is not a valid IRI",
    "The SELECT contains a variable that is unbound": "a variable after SELECT is neither grouped nor aggregated",
    "Duplicated variable name in SELECT": "a variable is listed twice after SELECT",
    "The SELECT overrides an existing variable using an expression": "a name after AS is already in use",
}
_PADDING: Final = "\n" + " " * 40  # longer than any keyword that the parser may try after a wrong token
_CANDIDATES: Final = {
    "SELECT": "SELECT",
    "CONSTRUCT": "CONSTRUCT",
    "ASK": "ASK",
    "DESCRIBE": "DESCRIBE",
    "a variable": "?v",
    "an IRI": "<x:y>",
    "a string": '"x"',
    "a number": "1",
    "AS": "AS",
    '"{"': "{",
    '"}"': "}",
    '"("': "(",
    '")"': ")",
    '"]"': "]",
    '"."': ".",
    "GROUP BY": "GROUP BY",
    "ORDER BY": "ORDER BY",
    "LIMIT": "LIMIT",
}


def check_size(sparql: str) -> None:
    """Check that a query is valid Unicode, and that it is not so long or so deeply nested that the parser could crash.

    Raises:
        QueryError: if the check fails.
    """
    if len(sparql) > MAX_LENGTH:
        raise QueryError(f"the query has {len(sparql):,} characters, over the limit of {MAX_LENGTH:,}")
    if (wrong := _SURROGATE.search(sparql)) is not None:
        shown = _SURROGATE.sub("\ufffd", sparql)
        raise _located(shown, wrong.start(), "this is no character of Unicode: write the query in UTF-8")
    depth = 0
    for token in TOKEN.finditer(sparql):
        if token[0] in {"(", "[", "{"}:
            depth += 1
            if depth > MAX_DEPTH:
                raise _located(sparql, token.start(), f"more than {MAX_DEPTH} brackets are inside each other")
        elif token[0] in {")", "]", "}"}:
            depth -= 1


def names_dataset(sparql: str) -> bool:
    """Return whether a query names its graphs with FROM or FROM NAMED."""
    return any(token[0].upper() == "FROM" for token in TOKEN.finditer(sparql))


def refuse_service(sparql: str, prefixes: Mapping[str, str] = PREFIXES) -> None:
    """Raise an error if a query calls another endpoint with SERVICE. Oxigraph would send this call over HTTP.

    A tokenizer cannot find such calls reliably: by the grammar of SPARQL, `SERVICEex:a{}` and `1<2)SERVICE#>` contain
    calls. Therefore the parser decides: every "service" in the query is replaced by a word of the same length that the
    query does not contain. If "service" was part of a string, comment or name, the query still parses. If it was the
    keyword, the query no longer parses.

    Raises:
        QueryError: if the query contains SERVICE and does not parse after the replacement.
    """
    if _SERVICE.search(sparql) and _error(_without_service(sparql), prefixes) is not None:
        raise syntax_error(sparql, prefixes)


def syntax_error(sparql: str, prefixes: Mapping[str, str] = PREFIXES) -> QueryError:
    """Return an exception that describes the first syntax error of a query, or its forbidden keyword SERVICE.

    `prefixes` need not be declared by the query.

    The text of the exception has the line number and the column of the wrong token, and a message. It also has the
    line of the query that contains this token, with a caret below the token.
    """
    text = _without_service(sparql)
    tokens = [token.span() for token in TOKEN.finditer(text) if token["skipped"] is None]
    wrong = bisect_left(tokens, True, key=lambda token: not _is_valid_prefix(text[: token[1]], prefixes))
    before = text[: tokens[wrong - 1][1]] if wrong else ""
    start, end = tokens[wrong] if wrong < len(tokens) else (len(before), len(before))
    token = sparql[start:end]
    if token.upper().startswith("SERVICE"):
        return _located(sparql, start, "SERVICE is not allowed: a query reads this graph and never the network")
    if token in ('"', "'"):
        return _located(sparql, start, "this string is not closed on its line")
    # The padding before the token keeps keywords that the parser tried before the token out of its message.
    if said := _SENTENCE.search(_error(before + _PADDING + text[start:end], prefixes) or ""):
        return _located(sparql, start, _MESSAGES.get(said[1], said[1]).format(token, ", ".join(prefixes)))
    reason = f'"{token}" is not expected here' if token else "the query ends too early"
    expected = [name for name, candidate in _CANDIDATES.items() if _is_valid_prefix(f"{before} {candidate}", prefixes)]
    return _located(sparql, start, f"{reason}; expected {', '.join(expected)}" if expected else reason)


def _located(sparql: str, start: int, message: str) -> QueryError:
    line = sparql.count("\n", 0, start) + 1
    line_start = sparql.rfind("\n", 0, start) + 1
    shown = sparql[line_start:].partition("\n")[0].rstrip("\r")
    caret = re.sub(r"[^\t]", " ", shown[: start - line_start]) + "^"  # tabs are kept to align the caret
    column = start - line_start + 1
    return QueryError(f"line {line}, column {column}: {message}\n{shown}\n{caret}", line=line, column=column)


def _without_service(sparql: str) -> str:
    """Return `sparql` with each "service" replaced by a word of seven letters that `sparql` does not contain.

    Where a letter of "service" is a capital, the letter that replaces it is a capital too.
    """
    taken = sparql.casefold()
    word = next(word for word in map("".join, product(ascii_lowercase, repeat=7)) if word not in taken)
    return _SERVICE.sub(
        lambda found: "".join(new.upper() if old.isupper() else new for old, new in zip(found[0], word, strict=True)),
        sparql,
    )


@cache
def _empty_store() -> Store:
    return Store()


def _error(disarmed: str, prefixes: Mapping[str, str]) -> str | None:
    """Return the parser's error message for a query, or None if the query parses.

    The query is parsed by running it on an empty store. Therefore `disarmed` must not contain SERVICE.
    """
    try:
        _empty_store().query(disarmed, prefixes=dict(prefixes), base_iri=DEFAULT_BASE)
    except SyntaxError as error:
        return str(error)
    return None


def _is_valid_prefix(beginning: str, prefixes: Mapping[str, str]) -> bool:
    """Return whether `beginning` is the beginning of some valid query.

    This is the case if the parser finds no error, or only an error at the very end, where it expects more text.
    """
    text = beginning + _PADDING
    error = _error(text, prefixes)
    place = _PLACE.match(error or "")
    return place is None or (int(place[1]), int(place[2])) == (text.count("\n") + 1, len(_PADDING))
