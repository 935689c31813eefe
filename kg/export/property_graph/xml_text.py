"""Text in XML 1.0: escaped, and without the characters that no document may hold."""

from __future__ import annotations

import re
from typing import Final
from xml.sax.saxutils import escape, quoteattr

# XML 1.0, production 2: what no document may hold, even escaped.
NOT_IN_XML: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


_SPECIAL: Final = re.compile(r"[&<>\"'\t\n\r]")
"""Most values hold none of these: to look for them takes a third of escaping them."""


def text(value: str) -> str:
    """`value`, which holds nothing of `NOT_IN_XML`, as the content of an element; a carriage return stays one."""
    return escape(value, {"\r": "&#13;"}) if _SPECIAL.search(value) else value


def attribute(value: str) -> str:
    """`value`, which holds nothing of `NOT_IN_XML`, as an attribute's value in quotes; white space stays what it is."""
    return quoteattr(value) if _SPECIAL.search(value) else f'"{value}"'
