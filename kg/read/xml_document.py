"""Which XML may be parsed as RDF: well-formed, with no entity from outside, and none that swells it."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Final
from xml.parsers import expat

from kg.base.errors import DataError

_SWELLING: Final = 10
"""How many times as large as its file a document may become when its entities are replaced."""
_ALLOWANCE: Final = 100_000
"""Bytes that entities may add to any document, however small."""
_REFERENCE: Final = re.compile(rb"&([^\s&;#]{1,100});")


def check_document(content: bytes, path: Path) -> None:
    """Refuse XML that is not well-formed, or that its document type declaration would change from outside or blow up.

    Nothing is opened and no entity is replaced before it has been checked.

    Args:
        content: the document.
        path: of its file, for the errors.

    Raises:
        DataError: names the file and the line, and what is refused.
    """
    _Check(content, path).run()


class _Check:
    """One pass of expat, which alone knows lines and declarations."""

    def __init__(self, content: bytes, path: Path) -> None:
        self._content = content
        self._path = path
        self._lengths: dict[str, int] = {}
        """Of each entity, the length of what it stands for."""
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
        if swollen > _ALLOWANCE + _SWELLING * len(self._content):
            raise self._error("its entities would make it many times as large, as in an attack: they are not replaced")

    def _error(self, message: str, line: int | None = None) -> DataError:
        return DataError(f"{self._path}:{line or self._parser.CurrentLineNumber}: {message}")
