"""Find the parts of a source to hide from the Markdown parser: mathematics, and constructs that tools add to Markdown.

Unmistakable constructs are read in every folder, such as template tags, footnotes and attribute lists. Every other
construct belongs to a dialect. For example, `#tag` and `%%comment%%` belong to the dialect of an Obsidian vault.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from kg.read.mathematics import SpanKind, spans
from kg.read.syntax import template_tags
from kg.read.syntax.attributes import ATTRIBUTES
from kg.read.syntax.directives import INLINE_DIRECTIVE
from kg.read.syntax.emoji import EMOJI
from kg.read.syntax.extension import Extension, Markup, Piece
from kg.read.syntax.footnotes import FOOTNOTE, INLINE_NOTE, Footnotes
from kg.read.syntax.inline_marks import INLINE_MARKS
from kg.read.syntax.links import LINKS
from kg.read.syntax.references import REFERENCE, References
from kg.read.syntax.template_tags import TemplateTags

_TEMPLATE_TAG: Final = "template_tag"
_EVERYWHERE: Final = (
    Extension(_TEMPLATE_TAG, "{", template_tags.PATTERN),
    ATTRIBUTES,
    INLINE_DIRECTIVE,
    EMOJI,
    FOOTNOTE,
    INLINE_NOTE,
    *LINKS,
    REFERENCE,
    *INLINE_MARKS,
)


def _as_written(match: re.Match[str]) -> Iterator[Piece]:
    """Publish a match as it is.

    The parser sees it as one word, so that it can parse an address that contains the match.
    """
    yield Markup(match.start(), match.end(), match[0])


_EXPRESSION: Final = Extension(
    "unread_expression", "{<", r"\{\{(?![<%])(?:(?!\[\[)[^{}\n])*\}\}|<%[^%\n]*%>", _as_written
)
"""An expression of a template language that the dialect does not read."""


@dataclass(frozen=True, slots=True)
class _Grammar:
    """The extensions of a dialect. Key of `extensions`: the name of the group of `pattern` that finds the extension."""

    extensions: dict[str, Extension]
    pattern: re.Pattern[str]
    first: re.Pattern[str]


@cache
def _grammar(extensions: tuple[Extension, ...]) -> _Grammar:
    """Compile the extensions of a dialect together with the extensions for all folders."""
    every = {f"e{number}": one for number, one in enumerate((*_EVERYWHERE, *extensions, _EXPRESSION))}
    return _Grammar(
        every,
        re.compile("|".join(f"(?P<{group}>{one.pattern})" for group, one in every.items()), re.MULTILINE | re.DOTALL),
        re.compile(f"[{re.escape(''.join(one.first for one in every.values()))}]"),
    )


def masked(source: str, extensions: tuple[Extension, ...]) -> list[Piece]:
    """Return the pieces of a source that a Markdown parser must not see, in order and without overlaps.

    They are the mathematics, and the constructs that are read in the dialect or in every folder.

    Args:
        source: Markdown, as returned by `kg.read.syntax.blocks.unwrapped`.
        extensions: the extensions of the dialect, in the order in which they are tried.
    """
    taken = list(spans(source))
    starts = [span.start for span in taken]
    grammar = _grammar(extensions)
    readers = {
        _TEMPLATE_TAG: TemplateTags().read,
        FOOTNOTE.name: Footnotes(source).read,
        REFERENCE.name: References(source).read,
    }
    found: list[Piece] = []
    position = read = 0
    while start := grammar.first.search(source, position):
        around = bisect_right(starts, start.start()) - 1
        if around >= 0 and start.start() < taken[around].end and taken[around].start >= read:
            position = taken[around].end
        elif match := grammar.pattern.match(source, start.start()):
            extension = grammar.extensions[str(match.lastgroup)]
            pieces = list(readers.get(extension.name, extension.read)(match))
            found += pieces
            position = pieces[0 if extension.is_container else -1].end if pieces else start.end()
            read = max(read, position if pieces else 0)
        else:
            position = start.end()
    return _in_order([span for span in taken if span.kind is not SpanKind.CODE], found)


def _in_order(mathematics: Sequence[Piece], found: Sequence[Piece]) -> list[Piece]:
    """Return all pieces, sorted by their positions. If pieces overlap, only the one that begins first is kept."""
    if not found:
        return list(mathematics)
    result: list[Piece] = []
    for piece in sorted([*mathematics, *found], key=lambda piece: (piece.start, -piece.end)):
        if not result or piece.start >= result[-1].end:
            result.append(piece)
    return result
