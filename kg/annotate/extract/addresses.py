"""Find addresses, paths of files and hash values, which are not words of a text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_DOMAINS: Final = "ai|app|at|au|ca|ch|co|com|de|dev|edu|eu|fr|gov|in|info|io|jp|me|net|nl|org|uk"
"""The most common top-level domains."""
_KINDS: Final = (
    r"""(?<![\w@])(?:[A-Za-z][A-Za-z0-9+.-]{1,30}://|www\.)[^\s<>()\[\]"']*[\w/]""",  # https://example.org/frost
    r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+",  # grower@example.org
    rf"(?<![\w./\\-])(?:[\w-]{{1,63}}\.){{1,5}}(?:{_DOMAINS})(?:/[\w.~%+-]+)+/?",  # example.org/frost
    r"(?<![\w./\\-])(?:~|\.{1,2}|[A-Za-z]:)?(?:[/\\][\w.-]*\w){2,}/?",  # /usr/bin, C:\data\frost
    r"(?<![\w./\\-])(?:~|\.{1,2}|[A-Za-z]:)[/\\][\w.-]*\w",  # ./run.sh
    r"(?<![\w./\\-])\w[\w.-]*(?:[/\\][\w.-]+)*[/\\][\w.-]*\w\.[A-Za-z][A-Za-z0-9]{0,4}\b",  # src/frost.py
    r"(?<![\w-])[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b",  # a UUID
    r"(?<!\w)(?:sha\d+:|0x)?(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{7,128}\b",  # a hash value
)
_ANY = re.compile("|".join(_KINDS))
_SIGNS: Final = ("/", "\\", "@", "www.")
_HEXADECIMAL = re.compile(r"\d(?:(?=[A-Fa-f])|(?<=[A-Fa-f]\d))")
"""Finds a digit beside a letter from A to F."""


def addresses(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the offsets of the spans that are not words, in `text` from `start` to before `end`.

    The name of a file without a folder, such as "Node.js", may be a word.
    """
    segment = text[start:end]
    # Each kind has a sign or a digit beside a letter. Searching for these first takes a tenth of the time.
    if any(sign in segment for sign in _SIGNS) or _HEXADECIMAL.search(segment):
        yield from (found.span() for found in _ANY.finditer(text, start, end))
