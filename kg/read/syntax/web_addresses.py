"""Read web addresses without marks around them, which many tools make links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from kg.base.model import LinkKind
from kg.read.syntax.extension import Extension, Markup, Piece, Target


def _bare_address(match: re.Match[str]) -> Iterator[Piece]:
    scheme = "https" if match.string.endswith("https", 0, match.start()) else "http"
    start = match.start() - len(scheme)
    if match.string[max(start - 1, 0) : start].strip("(*_~.,;: \n\t"):
        return  # it is a part of a link, of a tag or of a word
    yield Markup(start, match.end(), scheme + match[0], Target(scheme + match[0], LinkKind.PATH, None))


BARE_ADDRESS: Final = Extension("bare_address", ":", r":(?<=https:|.http:)//[^\s<>()\[\]`*|]*[\w/=&#-]", _bare_address)
"""A web address, matched from its first colon."""
