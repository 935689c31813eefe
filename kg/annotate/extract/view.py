"""The view of an article: its text as the tagger gets it, in which words replace code, mathematics and addresses.

Very long runs without spaces are cut.

Offsets in the view can be mapped to offsets in the published text of the article.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from kg.annotate.extract.addresses import addresses
from kg.annotate.text.normal_form import is_identifier, unwrap
from kg.base.model import Mark, MarkKind, ParsedArticle, Part, Segment, SegmentKind

Offsets = npt.NDArray[np.int64]

MASK: Final = "Xx"
"""Placeholder for an address, and for code and mathematics that cannot be read as a word.

"X" would be a bad placeholder, because the tokenizer reads "X." at the end of a sentence as one token.
"""
_BREAK: Final = "\n"
_LINE_END = re.compile("\n")

MAX_MARKS: Final = 50
"""Maximum length of a run of marks, such as quotes, brackets or emoji, before it is cut.

spaCy's tokenizer removes the marks of such a run one by one, and searches the rest of the run each time. This takes 0.3
µs for each mark and each character of the rest. So 25,000 emoji take 50 s in one piece, and 0.3 s in pieces of 50. No
run in 27,000 real articles has more than 20 marks.
"""
MAX_RUN: Final = 1000
"""Maximum length of a run of any characters without white space before it is cut.

A run of letters and digits takes 1 µs a character, whatever its length. Some mixtures take longer in long runs:
"a:a:a:..." takes 7 µs a character in a run of 1,000 characters, and 40 µs in one of 8,000.
"""
# The marks are what the tokenizer may take off: also the "s" of "'s", and the letters of "US$", "A$" and "C$".
_MARK: Final = r"(?:[^\w\s]|_|(?<=['\u2019])[Ss](?=['\u2019])|US(?=\$)|[AC](?=\$))"
_MARKS = re.compile(rf"{_MARK}{{{MAX_MARKS}}}(?={_MARK})")
_RUN = re.compile(rf"\S{{{MAX_RUN}}}(?=\S)")


@dataclass(frozen=True, slots=True)
class ViewSegment:
    """A segment (a block such as a paragraph) of an article, with its offsets in the text that the tagger gets."""

    start: int
    end: int
    kind: SegmentKind
    part: int
    """Index of the part of the article (question, answer or body) that contains the segment."""


@dataclass(slots=True)
class View:
    """The text of an article as the tagger gets it, in which words replace code and mathematics.

    `segments` are its blocks, such as paragraphs. `bold` has the spans (start, end) that are bold. `masked` has the
    spans that replace code or mathematics. `breaks` has the offsets of the ends of the lines of the article, in order;
    inside a segment, there is a space in their place. All offsets refer to `text`. `published(start, end)` maps them to
    offsets in the published text of a part of the article (question, answer or body).
    """

    text: str = ""
    segments: list[ViewSegment] = field(default_factory=list)
    bold: list[tuple[int, int]] = field(default_factory=list)
    masked: list[tuple[int, int]] = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)
    # `text` consists of pieces. A piece is either unchanged text, or replaces one span of code or mathematics.
    _starts: list[int] = field(default_factory=list)  # offset of each piece in `text`
    # Start and end of each piece in the published text of its part, and whether it replaces code or mathematics.
    _pieces: list[tuple[int, int, bool]] = field(default_factory=list)

    def published(self, start: int, end: int) -> tuple[int, int]:
        """Map the offsets of a span in `text` to its offsets in the published text of its part of the article."""
        return self._to_published(start, False), self._to_published(end - 1, True)

    def published_each(self, starts: Offsets, ends: Offsets) -> tuple[Offsets, Offsets]:
        """Map the offsets of many spans in `text` to offsets in published texts, as `published` does for one span.

        Each array has one element per span. The results for spans outside of all segments have no meaning.
        """
        first = np.array(self._starts, np.int64)
        start, end, mask = np.array(self._pieces, np.int64).reshape(-1, 3).T
        begins = first.searchsorted(starts, "right") - 1
        lasts = first.searchsorted(ends - 1, "right") - 1
        before = start[begins] + np.where(mask[begins], 0, starts - first[begins])
        after = np.where(mask[lasts], end[lasts], start[lasts] + ends - first[lasts])
        return before, after

    def _to_published(self, offset: int, at_end: bool) -> int:
        piece = bisect_right(self._starts, offset) - 1
        start, end, mask = self._pieces[piece]
        if mask:
            return end if at_end else start
        return start + offset - self._starts[piece] + at_end


def tagger_view(article: ParsedArticle) -> View:
    """Return the text of `article` as the tagger gets it.

    The text has one line for each segment (a block such as a paragraph) of every part of the article. Verbatim segments
    (code blocks and displayed mathematics) are left out.
    """
    view = View()
    pieces: list[str] = []
    length = 0

    def add(text: str, start: int, end: int, mask: bool) -> None:
        nonlocal length
        view._starts.append(length)
        view._pieces.append((start, end, mask))
        pieces.append(text)
        if mask:
            view.masked.append((length, length + len(text)))
        length += len(text)

    def add_text(part: Part, start: int, end: int) -> None:
        view.breaks.extend(length + found.start() - start for found in _LINE_END.finditer(part.text, start, end))
        add(_prose(part, start, end), start, end, False)

    def add_prose(part: Part, start: int, end: int) -> None:
        position = start
        for first, last in addresses(part.text, start, end):
            if first > position:
                add_text(part, position, first)
            add(MASK, first, last, True)
            position = last
        if end > position:
            add_text(part, position, end)

    for number, part in enumerate(article.parts):
        marks = iter(part.marks)
        mark = next(marks, None)
        for segment in part.segments:
            start = length
            position = segment.start
            bold: list[Mark] = []
            while mark is not None and mark.start < segment.end:
                if mark.start < segment.start:
                    pass
                elif mark.kind is MarkKind.BOLD:
                    bold.append(mark)
                elif segment.kind is not SegmentKind.VERBATIM:
                    add_prose(part, position, mark.start)
                    add(_masked(part, mark), mark.start, mark.end, True)
                    position = mark.end
                mark = next(marks, None)
            if segment.kind is SegmentKind.VERBATIM:
                continue
            add_prose(part, position, segment.end)
            view.segments.append(ViewSegment(start, length, segment.kind, number))
            _add_bold(view, bold, start, segment)
            view.breaks.append(length)
            pieces.append(_BREAK)
            length += 1
    view.text = "".join(pieces)
    return _cut(view)


def _cut(view: View) -> View:
    """Return `view` with a space in each run that is too long for the tokenizer; most articles have no such run.

    The spaces are not in the published text. So a piece of the view that contains one becomes two pieces.
    """
    text = view.text
    if max(map(len, text.split()), default=0) <= MAX_MARKS:
        return view
    places = sorted({found.end() for pattern in (_MARKS, _RUN) for found in pattern.finditer(text)})
    if not places:
        return view

    def moved(start: int, end: int) -> tuple[int, int]:
        return start + bisect_right(places, start), end + bisect_left(places, end)

    starts: list[int] = []
    pieces: list[tuple[int, int, bool]] = []
    for at, following, (start, end, mask) in zip(
        view._starts, [*view._starts[1:], len(text)], view._pieces, strict=True
    ):
        inside = places[bisect_right(places, at) : bisect_left(places, following)]
        for first, last in pairwise([at, *inside, following]):
            starts.append(moved(first, last)[0])
            pieces.append((start, end, True) if mask else (start + first - at, min(start + last - at, end), False))
    return View(
        text=" ".join(text[first:last] for first, last in pairwise([0, *places, len(text)])),
        segments=[ViewSegment(*moved(one.start, one.end), one.kind, one.part) for one in view.segments],
        bold=[moved(*stretch) for stretch in view.bold],
        masked=[moved(*stretch) for stretch in view.masked],
        breaks=[moved(offset, offset)[0] for offset in view.breaks],
        _starts=starts,
        _pieces=pieces,
    )


def _prose(part: Part, start: int, end: int) -> str:
    return part.text[start:end].replace("\n", " ").replace("\u2019", "'")


def _masked(part: Part, mark: Mark) -> str:
    source = part.text[mark.start : mark.end]
    inner = unwrap(source) if mark.kind is MarkKind.MATH else source
    return inner if is_identifier(inner) else MASK


def _add_bold(view: View, bold: list[Mark], start: int, segment: Segment) -> None:
    """Add the bold spans of a segment to `view.bold`.

    Args:
        view: the view, to which the text of the segment has been added.
        bold: the bold spans, with offsets in the published text of the part. These are converted to offsets in the text
            of the view, where words that replace code or mathematics may have another length.
        start: offset of the segment in the text of the view.
        segment: the segment.
    """
    first = bisect_right(view._starts, start) - 1
    for mark in bold:
        begin = end = start
        for piece_start, (piece_from, piece_to, mask) in zip(view._starts[first:], view._pieces[first:], strict=True):
            width = 1 if mask else piece_to - piece_from
            if piece_from <= mark.start:
                begin = piece_start + (0 if mask else min(mark.start - piece_from, width))
            if piece_from < mark.end:
                end = piece_start + min(mark.end - piece_from, width)
        view.bold.append((begin, end))
