"""Read settings in EDN, the notation of Clojure."""

from __future__ import annotations

import re
from pathlib import Path

from kg.read.files import text_of

_TOKEN = re.compile(
    r"""
    (?P<comment>;[^\n]* | \#_\s*[^\s,;"\[\]{}()]+)
    | "(?P<text>(?:\\.|[^"\\])*)"
    | (?P<opening>\#?[\[{(])
    | (?P<closing>[\]})])
    | [^\s,;"\[\]{}()]+
    """,
    re.VERBOSE | re.DOTALL,
)


def read_edn(path: Path) -> dict[str, list[str]]:
    """Return the settings in a file that is a mapping in EDN.

    The result is empty if the file cannot be read. Key: the name of a setting, such as ":hidden". Value: the words and
    texts in its value, also those in lists and mappings.
    """
    settings: dict[str, list[str]] = {}
    values: list[str] | None = None
    depth = 0
    for token in _TOKEN.finditer(text_of(path)):
        if token["comment"] is not None:
            continue
        if token["opening"]:
            depth += 1
            continue
        if token["closing"]:
            depth -= 1
        elif depth == 1 and values is None:
            values = settings.setdefault(token[0], [])
            continue
        elif values is not None:
            values.append(token[0] if token["text"] is None else re.sub(r"\\(.)", r"\1", token["text"]))
        if depth == 1:
            values = None
    return settings
