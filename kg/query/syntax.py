"""Diagnosis of syntax errors in queries, and the refusal of calls to other endpoints.

Oxigraph's parser reports the position of an error, but imprecisely: if it tried in vain to match a keyword, the
position is after this attempt. The position is therefore found by parsing beginnings of the query, token by token. The
wrong token is the first one with which the beginning can no longer be continued to a valid query.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache
from itertools import product
from string import ascii_lowercase
from typing import Final

from pyoxigraph import Store

from kg.base.errors import QueryError
from kg.base.iris import PREFIXES

_SERVICE: Final = re.compile("service", re.IGNORECASE)
_TOKEN: Final = re.compile(
    r'''"""(?:\\.|[^\\])*?"""|\'\'\'(?:\\.|[^\\])*?\'\'\''''
    r"""|"(?:\\.|[^"\\\n\r])*"|'(?:\\.|[^'\\\n\r])*'"""
    r"|<[^<>\n]*>"
    r"|(?P<skipped>\s+|#[^\n\r]*)"
    r"|[?$@]?[\w:](?:[\w:.%-]*[\w:])?"
    r"|\^\^|&&|\|\||[<>!]=|.",
    re.DOTALL,
)
_PLACE: Final = re.compile(r"error at (\d+):(\d+): ")
_SENTENCE: Final = re.compile(r"(?:expected|one of|,) ([A-Z]\w*(?: [a-zA-Z]+)+)")
_MESSAGES: Final = {
    "Prefix not found": 'the prefix of "{0}" is not declared; these are known: ' + ", ".join(PREFIXES),
    "IRI parsing failed": "{0} is not an absolute IRI; write it like <https://example.org/name>",
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


def refuse_service(sparql: str) -> None:
    """Refuse a query that calls another endpoint with SERVICE, which Oxigraph would do over HTTP.

    A tokenizer cannot find such calls reliably: by the grammar, `SERVICEex:a{}` and `1<2)SERVICE#>` contain one. So the
    parser decides. Every "service" is replaced by a word of the same length that is not in the query. In a string,
    comment or name that does no harm. Where "service" was the keyword, the query no longer parses.

    Raises:
        QueryError: if the query contains SERVICE and does not parse after the replacement.
    """
    if _SERVICE.search(sparql) and _error(_without_service(sparql)) is not None:
        raise syntax_error(sparql)


def syntax_error(sparql: str) -> QueryError:
    """Return the error of a query that does not parse.

    Its text has the line and the column, a message, the line of the query, and a caret below the wrong place.
    """
    text = _without_service(sparql)
    tokens = [token.span() for token in _TOKEN.finditer(text) if token["skipped"] is None]
    wrong = bisect_left(tokens, True, key=lambda token: not _is_valid_prefix(text[: token[1]]))
    before = text[: tokens[wrong - 1][1]] if wrong else ""
    start, end = tokens[wrong] if wrong < len(tokens) else (len(before), len(before))
    token = sparql[start:end]
    if token.upper().startswith("SERVICE"):
        return _located(sparql, start, "SERVICE is not allowed: a query reads this graph and never the network")
    if token in ('"', "'"):
        return _located(sparql, start, "this string is not closed on its line")
    # Because of the padding, the parser's message does not list keywords that it tried before the token.
    if said := _SENTENCE.search(_error(before + _PADDING + text[start:end]) or ""):
        return _located(sparql, start, _MESSAGES.get(said[1], said[1]).format(token))
    reason = f'"{token}" is not expected here' if token else "the query ends too early"
    expected = [name for name, candidate in _CANDIDATES.items() if _is_valid_prefix(f"{before} {candidate}")]
    return _located(sparql, start, f"{reason}; expected {', '.join(expected)}" if expected else reason)


def _located(sparql: str, start: int, message: str) -> QueryError:
    line = sparql.count("\n", 0, start) + 1
    line_start = sparql.rfind("\n", 0, start) + 1
    shown = sparql[line_start:].partition("\n")[0].rstrip("\r")
    caret = re.sub(r"[^\t]", " ", shown[: start - line_start]) + "^"  # tabs are kept to align the caret
    column = start - line_start + 1
    return QueryError(f"line {line}, column {column}: {message}\n{shown}\n{caret}", line=line, column=column)


def _without_service(sparql: str) -> str:
    """Return `sparql` with each "service" replaced by another word of seven letters; the case of letters is kept."""
    taken = sparql.casefold()
    word = next(word for word in map("".join, product(ascii_lowercase, repeat=7)) if word not in taken)
    return _SERVICE.sub(
        lambda found: "".join(new.upper() if old.isupper() else new for old, new in zip(found[0], word, strict=True)),
        sparql,
    )


@cache
def _empty_store() -> Store:
    return Store()


def _error(disarmed: str) -> str | None:
    """Return the parser's error message for a query, or None if it parses.

    The query is run on an empty store, so it must not contain SERVICE.
    """
    try:
        _empty_store().query(disarmed, prefixes=PREFIXES)
    except SyntaxError as error:
        return str(error)
    return None


def _is_valid_prefix(beginning: str) -> bool:
    """Return whether the beginning of a query can be continued to a valid query.

    If it can, the parser finds no error before the end of the text.
    """
    text = beginning + _PADDING
    error = _error(text)
    place = _PLACE.match(error or "")
    return place is None or (int(place[1]), int(place[2])) == (text.count("\n") + 1, len(_PADDING))
