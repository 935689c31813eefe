"""From Markdown to the plain text that is published, with its segments and marks.

The plain text has exactly the line breaks of its source, so line n of the one is line n of the other. Emphasis,
headings' and quotes' marks vanish; code, mathematics and list markers stay.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from kg.base.model import LinkKind, Mark, MarkKind, Part, PartName, Segment, SegmentKind
from kg.read.mathematics import SourceSpan, SpanKind, spans
from kg.read.syntax.admonitions import TITLE, unwrapped
from kg.read.syntax.extension import Extension, Markup, Target
from kg.read.syntax.masking import masked

# While Markdown is parsed, each span of mathematics is a word of noncharacters, since Markdown would unescape \(; so is
# what it does not know (see `kg.read.syntax`). The word holds the span's number, because Markdown drops some
# of them: those in a comment or in a link's target.
_DIGITS: Final = str.maketrans("0123456789", "".join(map(chr, range(0xFDD1, 0xFDDB))))
_VALUES: Final = {digit: value for value, digit in _DIGITS.items()}
_STAND_IN = re.compile("\ufdd0([\ufdd1-\ufdda]+)")
_RESERVED = re.compile("[\ufdd0-\ufddb]")
_TAG = re.compile(r"<!--(?:(?!<!--).)*?-->|<[^<>]*>", re.DOTALL)
_FORMATTING = re.compile(
    r"</?(?:a|abbr|b|big|blockquote|br|center|cite|code|col|colgroup|dd|del|details|dfn|div|dl|dt|em|figcaption|figure|font"
    r"|h[1-6]|hr|i|iframe|img|ins|kbd|li|mark|nobr|ol|p|pre|q|s|samp|script|small|span|strike|strong|style|sub|summary|sup"
    r"|table|tbody|td|tfoot|th|thead|tr|tt|u|ul|var|wbr)(?![\w.-])|<[!?]",
    re.IGNORECASE,
)


class _Parser(MarkdownIt):
    def normalizeLinkText(self, link: str) -> str:
        """An address as it is written: decoded, it could hold any character."""
        return link

    def normalizeLink(self, url: str) -> str:
        """An address as it is written, so that what stands in it for a shortcode can be found again."""
        return url


_PARSERS: Final = {
    html: _Parser("commonmark", {"html": html}).enable(["table", "strikethrough"]) for html in (True, False)
}


@dataclass(frozen=True, slots=True)
class Text:
    """One Markdown text: what is published of it, its links and tags, and its first heading of the first level."""

    part: Part
    targets: tuple[Target, ...]
    tags: tuple[str, ...]
    title: str | None


def to_part(name: PartName, source: str) -> Part:
    """What is published of one Markdown text, see `read_text`."""
    return read_text(name, source).part


def read_text(name: PartName, source: str, extensions: tuple[Extension, ...] | None = None) -> Text:
    """Read one Markdown text.

    Args:
        name: which part of the article this is. In a question, which is one line and not a page, nothing is HTML;
            elsewhere the tags that format text vanish, and `vector<int>` keeps its own.
        source: Markdown with real line breaks (see `kg.read.mathematics.decode_line_breaks`).
        extensions: the constructs of a dialect, which are read with those of every dialect (see `kg.read.syntax`); None
            for plain Markdown, where neither are.
    """
    source = _RESERVED.sub("\ufffd", source).replace("\r\n", "\n").replace("\r", "\n")
    stood_for: Sequence[SourceSpan | Markup]
    if extensions is None:
        stood_for = [span for span in spans(source) if span.kind is not SpanKind.CODE]
    else:
        source = unwrapped(source)
        stood_for = masked(source, extensions)
    pieces: list[str] = []
    position = 0
    for number, span in enumerate(stood_for):
        pieces += (source[position : span.start], "\ufdd0" + str(number).translate(_DIGITS))
        position = span.end
    pieces.append(source[position:])
    writer = _TextWriter(source, stood_for)
    writer.blocks(_PARSERS[name is not PartName.QUESTION].parse("".join(pieces)))
    writer.end()
    part = Part(name, "".join(writer.out), tuple(writer.segments), tuple(writer.marks))
    return Text(part, tuple(writer.targets), tuple(writer.tags), writer.title)


class _TextWriter:
    """Walks markdown-it's tokens once and keeps count of where it is in the text that it writes."""

    def __init__(self, source: str, stood_for: Sequence[SourceSpan | Markup]) -> None:
        self.out: list[str] = []
        self.segments: list[Segment] = []
        self.marks: list[Mark] = []
        self.targets: list[Target] = []
        self.tags: list[str] = []
        self.title: str | None = None
        self._source = source
        self._stood_for = stood_for
        self._lines = _line_numbers(source, stood_for)
        self._length = 0
        self._line = 0  # of the source and of what is written
        self._segment_start = 0
        self._kind = SegmentKind.PROSE
        self._open_links: list[tuple[Target, int]] = []

    def blocks(self, tokens: Sequence[Token]) -> None:
        depth = 0
        marker = ""
        heading = cell = False
        items: list[SegmentKind] = []
        for token in tokens:
            if token.map and token.type not in {"inline", "th_open", "td_open"}:
                self._advance_to(self._lines[token.map[0]])
            match token.type:
                case "bullet_list_open" | "ordered_list_open":
                    depth += 1
                case "bullet_list_close" | "ordered_list_close":
                    depth -= 1
                case "list_item_open":
                    marker = f"{token.info}{token.markup} "
                    self._write("  " * (depth - 1) + marker)
                    items.append(SegmentKind.ITEM)
                case "list_item_close":
                    items.pop()
                case "heading_open":
                    heading = True
                case "heading_close":
                    heading = False
                    if token.tag == "h1" and self.title is None and self.segments:
                        self.title = "".join(self.out)[self.segments[-1].start : self.segments[-1].end]
                case "th_open" | "td_open":
                    if cell:
                        self._write("\t")
                    cell = True
                case "tr_close":
                    cell = False
                case "inline":
                    kind = SegmentKind.HEADING if heading else SegmentKind.CELL if cell else None
                    self._open(kind or (items[-1] if items else SegmentKind.PROSE))
                    self._inline(token.children or [])
                    self._close()
                case "fence" | "code_block":
                    if token.type == "fence" and token.content:
                        self._advance_to(self._line + 1)
                    self._open(SegmentKind.VERBATIM)
                    self._text(token.content.removesuffix("\n"))
                    self._close()
                case "html_block":
                    self._open(SegmentKind.PROSE)
                    source = _TAG.sub(_without_tag, token.content.removesuffix("\n"))
                    self._text("\n".join(_one_line(html.unescape(line)) for line in source.split("\n")))
                    self._close()
                case _:
                    pass

    def end(self) -> None:
        """Write the line breaks that are left."""
        self._advance_to(self._source.count("\n"))

    def _advance_to(self, line: int) -> None:
        self._write("\n" * (line - self._line))

    def _inline(self, children: Sequence[Token]) -> None:
        bold: list[int] = []
        is_title = False
        for token in children:
            match token.type:
                case "text":
                    is_title = is_title or TITLE in token.content
                    self._text(_one_line(token.content))
                case "softbreak" | "hardbreak" if is_title:
                    self._close()
                    self._text("\n")
                    self._open(self._kind)
                    is_title = False
                case "softbreak" | "hardbreak":
                    self._text("\n")
                case "link_open":
                    self._link(str(token.attrs["href"]), len(self.out))
                case "link_close":
                    self._end_link()
                case "code_inline":
                    start = self._length
                    self._text(token.content, is_code=True)
                    self.marks.append(Mark(start, self._length, MarkKind.CODE))
                case "strong_open":
                    bold.append(self._length)
                case "strong_close":
                    self.marks.append(Mark(bold.pop(), self._length, MarkKind.BOLD))
                case "image":
                    self._inline(token.children or [])
                case "html_inline" if not _FORMATTING.match(token.content):
                    self._text(token.content)
                case "html_inline" if token.content.lower().startswith("<br"):
                    self._write(" ")
                case "html_inline":
                    self._text(_line_breaks(token.content))
                case _:
                    pass

    def _text(self, text: str, *, is_code: bool = False) -> None:
        """Write text that Markdown has read, with what its stand-ins stand for."""
        for index, piece in enumerate(_STAND_IN.split(text)):
            if index % 2:
                span = self._stood_for[int(piece.translate(_VALUES))]
                if isinstance(span, SourceSpan):
                    self._formula(span)
                elif is_code or self._kind is SegmentKind.VERBATIM:
                    self._write(self._source[span.start : span.end])
                else:
                    self._markup(span)
            else:
                self._write(piece)

    def _markup(self, markup: Markup) -> None:
        if markup.target:
            self.targets.append(replace(markup.target, line=self._line))
        if markup.tag:
            self.tags.append(markup.tag)
        self._write(markup.shown)

    def _link(self, address: str, start: int) -> None:
        """Note a link whose text begins with `self.out[start]`, once that is written."""
        kind, written = LinkKind.PATH, ""
        for index, piece in enumerate(_STAND_IN.split(address)):
            span = self._stood_for[int(piece.translate(_VALUES))] if index % 2 else None
            if isinstance(span, Markup):
                if span.target:
                    kind, written = span.target.kind, written + span.target.address
            elif span:
                written += self._source[span.start : span.end]
            else:
                written += piece
        self._open_links.append((Target(written, kind, None, self._line), start))

    def _end_link(self) -> None:
        target, start = self._open_links.pop()
        title = " ".join("".join(self.out[start:]).split())
        if not title.startswith("^"):  # a footnote, which reads like a link with its text as the address
            self.targets.append(replace(target, title=title or None))

    def _formula(self, span: SourceSpan) -> None:
        source = self._source[span.start : span.end]
        if span.kind is SpanKind.INLINE or self._kind is SegmentKind.VERBATIM:
            start = self._length
            self._write(source)
            self.marks.append(Mark(start, self._length, MarkKind.MATH))
            return
        around = self._kind
        self._close()
        self._open(SegmentKind.VERBATIM)
        self._write(source)
        self._close()
        self._open(around)

    def _open(self, kind: SegmentKind) -> None:
        self._segment_start = self._length
        self._kind = kind

    def _close(self) -> None:
        if self._length > self._segment_start:
            self.segments.append(Segment(self._segment_start, self._length, self._kind))

    def _write(self, text: str) -> None:
        text = text.replace(TITLE, "")
        self.out.append(text)
        self._length += len(text)
        self._line += text.count("\n")


def _line_numbers(source: str, stood_for: Sequence[SourceSpan | Markup]) -> list[int]:
    """For each line that begins outside what `stood_for` spans, its 0-based number in `source`."""
    numbers = [0]
    position = line = 0
    for span in [*stood_for, SourceSpan(len(source), len(source), SpanKind.INLINE)]:
        outside = source.count("\n", position, span.start)
        numbers += range(line + 1, line + 1 + outside)
        line += outside + source.count("\n", span.start, span.end)
        position = span.end
    return numbers


def _one_line(text: str) -> str:
    """`text`, in which an entity such as `&#10;` stood for any line break."""
    return re.sub(r"[\n\r\f]", " ", text)


def _line_breaks(source: str) -> str:
    return "\n" * source.count("\n")


def _without_tag(found: re.Match[str]) -> str:
    return _line_breaks(found[0]) if _FORMATTING.match(found[0]) else found[0]
