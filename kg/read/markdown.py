"""Convert Markdown to the plain text that is published, with its segments and marks.

The plain text has the same line breaks as its source. So line n of the text is line n of the source. The markers of
emphasis, headings and quotes are removed. Code, mathematics and list markers are kept.
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
from kg.read.failure import TooLargeError
from kg.read.mathematics import SourceSpan, SpanKind, spans
from kg.read.syntax.admonitions import TITLE, unwrapped
from kg.read.syntax.extension import Extension, Markup, Target
from kg.read.syntax.masking import masked
from kg.read.syntax.mdx import EXTENSIONS as MDX
from kg.read.syntax.mdx import without_modules

MAX_CHARACTERS: Final = 1_000_000
"""Maximum length of a Markdown text, without its code blocks.

Parsing takes up to 0.6 kB of memory for each character, in a text of table rows or short list items. spaCy has the same
limit for a text to tag.
"""

# While Markdown is parsed, placeholders stand for mathematics, in which Markdown would unescape \(, and for constructs
# that extend Markdown (see `kg.read.syntax`). A placeholder is a word of noncharacters. It contains the number of the
# span that it stands for, because the parser drops some placeholders, such as those in comments and link targets.
_DIGITS: Final = str.maketrans("0123456789", "".join(map(chr, range(0xFDD1, 0xFDDB))))
_VALUES: Final = {digit: value for value, digit in _DIGITS.items()}
_PLACEHOLDER = re.compile("\ufdd0([\ufdd1-\ufdda]+)")
_RESERVED = re.compile("[\ufdd0-\ufddb]")
_TAG = re.compile(r"<!--(?:(?!<!--).)*?-->|<[^<>]*>", re.DOTALL)
_FORMATTING = re.compile(
    r"</?(?:a|abbr|b|big|blockquote|br|center|cite|code|col|colgroup|dd|del|details|dfn|div|dl|dt|em|figcaption|figure"
    r"|font|h[1-6]|hr|i|iframe|img|ins|kbd|li|mark|nobr|ol|p|pre|q|s|samp|script|small|span|strike|strong|style|sub"
    r"|summary|sup|table|tbody|td|tfoot|th|thead|tr|tt|u|ul|var|wbr)(?![\w.-])|<[!?]",
    re.IGNORECASE,
)


class _Parser(MarkdownIt):
    def normalizeLinkText(self, link: str) -> str:
        """Return an address as written, since the decoded address could contain any character."""
        return link

    def normalizeLink(self, url: str) -> str:
        """Return an address as written, so that the placeholder of a shortcode inside it can be found again."""
        return url


def _parser(*, html: bool, indented_code: bool) -> _Parser:
    parser = _Parser("commonmark", {"html": html})
    parser.enable(["table", "strikethrough"])
    if not indented_code:
        parser.disable("code")
    return parser


_PARSERS: Final = {
    (html, indented_code): _parser(html=html, indented_code=indented_code)
    for html in (True, False)
    for indented_code in (True, False)
}


@dataclass(frozen=True, slots=True)
class Text:
    """The result of reading a Markdown text."""

    part: Part
    """The published text, with its segments and marks."""
    targets: tuple[Target, ...]
    """The targets of all links, in order."""
    tags: tuple[str, ...]
    """The tags in the text, such as `#tag` in an Obsidian vault."""
    title: str | None
    """The heading with which the text begins, or None if the text begins with something else."""
    title_level: int
    """Level of that heading, from 1; 0 if there is none."""


def to_part(name: PartName, source: str) -> Part:
    """Read a text as plain Markdown and return its published part; see `read_text`."""
    return read_text(name, source).part


def read_text(
    name: PartName,
    source: str,
    extensions: tuple[Extension, ...] | None = None,
    *,
    is_mdx: bool = False,
    indented_code: bool = True,
) -> Text:
    """Read one Markdown text.

    Args:
        name: tells which part of the article the text is. A question is one line and not a page, so nothing in it is
            read as HTML. In other parts, HTML tags that format text are removed. Other tags, as in `vector<int>`, are
            kept.
        source: Markdown with real line breaks (see `kg.read.mathematics.decode_line_breaks`).
        extensions: the constructs that the article's dialect adds to Markdown. They are read in addition to those that
            are read in all dialects (see `kg.read.syntax`). None means plain Markdown, without any of these constructs.
        is_mdx: whether the text is MDX.
        indented_code: whether lines that are indented by four spaces are code. They are not in MDX.

    Raises:
        TooLargeError: if the text, without its code blocks, is longer than `MAX_CHARACTERS`.
    """
    _check_length(source)
    source = _RESERVED.sub("\ufffd", source).replace("\r\n", "\n").replace("\r", "\n")
    replaced: Sequence[SourceSpan | Markup]
    if extensions is None:
        replaced = [span for span in spans(source) if span.kind is not SpanKind.CODE]
    else:
        if is_mdx:
            source, extensions = without_modules(source), tuple(dict.fromkeys((*extensions, *MDX)))
        source = unwrapped(source)
        replaced = masked(source, extensions)
    pieces: list[str] = []
    position = 0
    for number, span in enumerate(replaced):
        pieces += (source[position : span.start], "\ufdd0" + str(number).translate(_DIGITS))
        position = span.end
    pieces.append(source[position:])
    writer = _TextWriter(source, replaced)
    parser = _PARSERS[is_mdx or name is not PartName.QUESTION, indented_code and not is_mdx]
    writer.blocks(parser.parse("".join(pieces)))
    writer.end()
    part = Part(name, "".join(writer.out), tuple(writer.segments), tuple(writer.marks))
    return Text(part, tuple(writer.targets), tuple(writer.tags), writer.title, writer.title_level)


def _check_length(source: str) -> None:
    """Raise a TooLargeError if `source` is too long. A code block is one token, so its length does not matter."""
    if len(source) <= MAX_CHARACTERS:
        return
    code = (span for span in spans(source) if span.kind is SpanKind.CODE)
    blocks = (span for span in code if source.startswith(("```", "~~~"), span.start))
    length = len(source) - sum(block.end - block.start for block in blocks)
    if length > MAX_CHARACTERS:
        raise TooLargeError(
            f"the text has {length:,} characters outside code blocks, over the limit of {MAX_CHARACTERS:,} for one "
            "article; split it"
        )


class _TextWriter:
    """Writes the text of markdown-it's tokens in one pass, and keeps track of its position in the written text."""

    def __init__(self, source: str, replaced: Sequence[SourceSpan | Markup]) -> None:
        self.out: list[str] = []
        self.segments: list[Segment] = []
        self.marks: list[Mark] = []
        self.targets: list[Target] = []
        self.tags: list[str] = []
        self.title: str | None = None
        self.title_level = 0
        self._is_beginning = True
        self._source = source
        self._replaced = replaced
        self._lines = _line_numbers(source, replaced)
        self._length = 0
        self._line = 0  # number of the current line, which is the same in the source and in the output
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
                    if self._is_beginning and self.segments:
                        self.title = "".join(self.out)[self.segments[-1].start : self.segments[-1].end]
                        self.title_level = int(token.tag[1])
                    self._is_beginning = False
                case "th_open" | "td_open":
                    if cell:
                        self._write("\t")
                    cell = True
                case "tr_close":
                    cell = False
                case "inline":
                    kind = SegmentKind.HEADING if heading else SegmentKind.CELL if cell else None
                    self._open(kind or (items[-1] if items else SegmentKind.PROSE))
                    first = len(self.out)
                    self._inline(token.children or [])
                    self._close()
                    if not heading and not _has_only_images(token.children or []):
                        self._begin("".join(self.out[first:]))
                case "fence" | "code_block":
                    if token.type == "fence" and token.content:
                        self._advance_to(self._line + 1)
                    self._open(SegmentKind.VERBATIM)
                    self._text(token.content.removesuffix("\n"))
                    self._close()
                    self._begin(token.content)
                case "html_block":
                    self._open(SegmentKind.PROSE)
                    source = _TAG.sub(_without_tag, token.content.removesuffix("\n"))
                    self._text("\n".join(_one_line(html.unescape(line)) for line in source.split("\n")))
                    self._close()
                    self._begin(source)
                case _:
                    pass

    def end(self) -> None:
        """Write the line breaks that remain at the end of the source."""
        self._advance_to(self._source.count("\n"))

    def _begin(self, written: str) -> None:
        """Note that the text has begun, if `written` is more than white space: a heading after it is not its title."""
        if written.strip():
            self._is_beginning = False

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
        """Write parsed text, in which each placeholder is replaced by what it stands for."""
        for index, piece in enumerate(_PLACEHOLDER.split(text)):
            if index % 2:
                span = self._replaced[int(piece.translate(_VALUES))]
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
        for index, text in enumerate(markup.shown.split(TITLE)):
            if index:
                self._close()
                self._open(self._kind)
            self._write(text)

    def _link(self, address: str, start: int) -> None:
        """Open a link whose text will begin with `self.out[start]`."""
        kind, written = LinkKind.PATH, ""
        for index, piece in enumerate(_PLACEHOLDER.split(address)):
            span = self._replaced[int(piece.translate(_VALUES))] if index % 2 else None
            if isinstance(span, Markup) and span.target:
                kind, written = span.target.kind, written + span.target.address
            elif span:
                written += self._source[span.start : span.end]
            else:
                written += piece
        self._open_links.append((Target(written, kind, None, self._line), start))

    def _end_link(self) -> None:
        target, start = self._open_links.pop()
        title = " ".join("".join(self.out[start:]).split())
        if not title.startswith("^"):  # else it is a footnote, parsed as a link whose address is its text
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


def _line_numbers(source: str, replaced: Sequence[SourceSpan | Markup]) -> list[int]:
    """Return the line numbers that remain when each span in `source` is replaced by a placeholder without line breaks.

    The result has one number for each remaining line: its number in `source`, from 0. A line that begins inside a
    replaced span does not remain.
    """
    numbers = [0]
    position = line = 0
    for span in [*replaced, SourceSpan(len(source), len(source), SpanKind.INLINE)]:
        outside = source.count("\n", position, span.start)
        numbers += range(line + 1, line + 1 + outside)
        line += outside + source.count("\n", span.start, span.end)
        position = span.end
    return numbers


def _has_only_images(children: Sequence[Token]) -> bool:
    """Whether a paragraph has images, such as badges, and no text."""
    kinds = {token.type for token in children if token.type != "text" or token.content.strip()}
    return "image" in kinds and kinds <= {"image", "link_open", "link_close", "softbreak", "hardbreak", "html_inline"}


def _one_line(text: str) -> str:
    """Return `text` with spaces in place of line breaks, which come from entities such as `&#10;`."""
    return re.sub(r"[\n\r\f]", " ", text)


def _line_breaks(source: str) -> str:
    return "\n" * source.count("\n")


def _without_tag(found: re.Match[str]) -> str:
    return _line_breaks(found[0]) if _FORMATTING.match(found[0]) else found[0]
