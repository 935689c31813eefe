"""Check that XML is safe to parse as RDF.

The XML must be well-formed, must not refer to external entities, and must not be an entity bomb (a small document that
becomes huge when its entities are expanded).
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Final
from xml.parsers import expat

from kg.base.errors import DataError

_MAX_EXPANSION: Final = 10
"""Maximum size of a document's expanded entities, relative to the size of its file; `_ALLOWANCE` is added to it."""
_ALLOWANCE: Final = 100_000
"""Number of bytes of expanded entities that are always allowed, whatever the size of the file."""
_REFERENCE: Final = re.compile(rb"&([^\s&;#]{1,100});")


def check_document(content: bytes, path: Path) -> None:
    """Reject XML that is not well-formed, that has external entities, or whose entities would expand excessively.

    No other file is opened, and no entity is expanded before the check has accepted it.

    Args:
        content: the bytes of the document.
        path: path of the document's file, for error messages.

    Raises:
        DataError: if the document is rejected. The message names the file, the line and the reason.
    """
    _Check(content, path).run()


class _Check:
    """One pass of the parser expat over a document; expat reports the declarations and their lines."""

    def __init__(self, content: bytes, path: Path) -> None:
        self._content = content
        self._path = path
        self._lengths: dict[str, int] = {}
        """Key: the name of an entity. Value: the length in bytes of the text that replaces it."""
        self._parser = expat.ParserCreate()
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.EntityDeclHandler = self._entity
        self._parser.EndDoctypeDeclHandler = self._end

    def run(self) -> None:
        try:
            self._parser.Parse(self._content, True)
        except expat.ExpatError as error:
            raise self._error(f"not well-formed XML ({expat.ErrorString(error.code)})", error.lineno) from error

    def _doctype(self, name: str, system: str | None, public: str | None, has_internal_subset: bool) -> None:
        if system is not None or public is not None:
            raise self._error(f'its document type lies outside the file ("{system or public}"), which is not read')

    def _entity(
        self,
        name: str,
        is_parameter: bool,
        value: str | None,
        base: str | None,
        system: str | None,
        public: str | None,
        notation: str | None,
    ) -> None:
        if system is not None or public is not None:
            raise self._error(f'the entity "{name}" lies outside the file ("{system or public}"), which is not read')
        if is_parameter or value is None:
            raise self._error(f'the parameter entity "{name}" is not supported')
        inner = _REFERENCE.findall(value.encode())
        known = sum(self._lengths.get(found.decode(), 0) for found in inner)
        self._lengths.setdefault(name, len(value.encode()) + known)

    def _end(self) -> None:
        uses = Counter(found.decode(errors="replace") for found in _REFERENCE.findall(self._content))
        swollen = sum(length * (1 + uses[name]) for name, length in self._lengths.items())
        if swollen > _ALLOWANCE + _MAX_EXPANSION * len(self._content):
            raise self._error("its entities would make it many times as large, as in an attack; they are not expanded")

    def _error(self, message: str, line: int | None = None) -> DataError:
        return DataError(f"{self._path}:{line or self._parser.CurrentLineNumber}: {message}")
