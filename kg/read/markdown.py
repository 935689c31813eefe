"""Convert Markdown to the plain text that is published, with its segments and marks.

The plain text has the same line breaks as its source. So line n of the text is line n of the source. The markers of
emphasis, headings and quotes are removed. Code, mathematics and list markers are kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, html_block
from markdown_it.token import Token

from kg.base.model import LinkKind, Mark, MarkKind, Part, PartName, Segment, SegmentKind
from kg.read.failure import TooLargeError
from kg.read.mathematics import SourceSpan, SpanKind, spans
from kg.read.syntax.admonitions import TITLE
from kg.read.syntax.alt_texts import is_file_name, without_size
from kg.read.syntax.blocks import BEGINNING, unwrapped
from kg.read.syntax.extension import Extension, Markup, Target
from kg.read.syntax.html_tags import Tag, one_line, pieces, read_tag
from kg.read.syntax.masking import masked
from kg.read.syntax.mdx import EXTENSIONS as MDX
from kg.read.syntax.mdx import without_modules
from kg.read.syntax.template_tags import is_silent_tag

MAX_CHARACTERS: Final = 1_000_000
"""Maximum length of a Markdown text, without its code blocks.

Parsing takes up to 0.6 kB of memory for each character, in a text of table rows or short list items. spaCy has the same
limit for a text to tag.
"""

# While Markdown is parsed, placeholders replace mathematics, in which Markdown would unescape \(, and constructs that
# extend Markdown (see `kg.read.syntax`). A placeholder is a word of noncharacters. It contains the number of the span
# that it replaces, because the parser drops some placeholders, such as those in comments and link targets. The
# placeholder of a construct is put between commas: most constructs begin and end with a punctuation mark, and the
# characters beside a mark such as `__` decide whether emphasis begins there.
_DIGITS: Final = str.maketrans("0123456789", "".join(map(chr, range(0xFDD1, 0xFDDB))))
_VALUES: Final = {digit: value for value, digit in _DIGITS.items()}
_PLACEHOLDER = re.compile("(?:,\ufddd)?\ufdd0([\ufdd1-\ufdda]+)(?:\ufddd,)?")
_RESERVED = re.compile("[\ufdd0-\ufddd]")
_BLOCK_START = re.compile(f"[{TITLE}{BEGINNING}]")
_SIGNS = re.compile(f"[{TITLE}{BEGINNING}] ?")
_TASK = re.compile(r"^\[[ xX]\](?=[ \t])[ \t]*")

_LINE_OF_CONSTRUCTS = re.compile(rf"^ {{0,3}}(?:{_PLACEHOLDER.pattern} *)+$(?!\n(?: {{4}}|\t| *\|))", re.MULTILINE)
"""Matches a line that consists of constructs, unless the next line is indented like code or is a row of a table."""
_MARKED = re.compile(r"[\\`*_~\[<&]")
_DUNDER = re.compile(r"(?<!\w)__\w+__(?!\w)")
_UNDERSCORE: Final = "\ufdde"
"""A noncharacter that stands for an underscore that is not markup."""
_ESCAPED_BRACKET = re.compile(r"\\([()\[\]])")


class _Parser(MarkdownIt):
    def normalizeLinkText(self, link: str) -> str:
        """Return an address as written, since the decoded address could contain any character."""
        return link

    def normalizeLink(self, url: str) -> str:
        """Return an address as written, so that the placeholder of a shortcode inside it can be found again."""
        return url


_MARKDOWN_TAG = re.compile(
    r"""<[a-z][\w-]*(?:\s+[\w:-]+(?:=(?:"[^"]*"|'[^']*'|[^\s"'<>=]+))?)*?
    \s+markdown(?:=(?:1|(["'])(?:1|block|span|true)?\1))?(?=[\s>])""",
    re.IGNORECASE | re.VERBOSE,
)


def _html_block(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    """Read an HTML block, unless its first tag has the attribute `markdown`, as in `<div markdown>`.

    With this attribute, MkDocs and Jekyll read the text in the element as Markdown.
    """
    start = state.bMarks[first] + state.tShift[first]
    return not _MARKDOWN_TAG.match(state.src, start, state.eMarks[first]) and html_block(state, first, end, silent)


_MAX_NESTING: Final = 60
"""Maximum nesting depth of blocks. The parser skips text in deeper blocks.

A list inside another counts as two blocks, so the parser's default limit of 20 is too low for outlines. The limit also
applies to nested brackets, and the time to parse a long run of brackets grows with the limit.
"""


def _parser(*, html: bool, indented_code: bool) -> _Parser:
    parser = _Parser("commonmark", {"html": html, "maxNesting": _MAX_NESTING})
    parser.enable(["table", "strikethrough"])
    parser.block.ruler.at("html_block", _html_block, {"alt": ["paragraph", "reference", "blockquote"]})
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
    """The heading at the beginning of the text, or None if the text does not begin with a heading."""
    title_level: int
    """Level of that heading, from 1; 0 if there is none."""
    labels: tuple[str, ...] = ()
    """The labels of places in the text, by which links can refer to them in MyST."""


def to_part(name: PartName, source: str) -> Part:
    """Read a text as plain Markdown and return its published part; see `read_text`."""
    return read_text(name, source).part


def plain_line(text: str) -> str:
    """Return the text of a line of Markdown, such as a title or a keyword, without marks of code, emphasis and links.

    Mathematics is kept as it is written. So is a name between double underscores, which is a name of a programming
    language more often than emphasis.

    >>> plain_line("the `/home` directory"), plain_line("A* search"), plain_line("*E. coli*"), plain_line("__init__")
    ('the /home directory', 'A* search', 'E. coli', '__init__')
    """
    if not _MARKED.search(text):
        return text
    masked = _DUNDER.sub(lambda name: name[0].replace("_", _UNDERSCORE), text)
    # The comma keeps the line from being read as a list item or a heading.
    return to_part(PartName.QUESTION, f",{masked}").text.removeprefix(",").replace(_UNDERSCORE, "_").strip()


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
    labels: tuple[str, ...] = ()
    if extensions is None:
        replaced = [span for span in spans(source) if span.kind is not SpanKind.CODE]
    else:
        if is_mdx:
            source, extensions = without_modules(source), tuple(dict.fromkeys((*extensions, *MDX)))
        source, labels = unwrapped(source)
        replaced = masked(source, extensions)
    pieces: list[str] = []
    position = 0
    for number, span in enumerate(replaced):
        placeholder = "\ufdd0" + str(number).translate(_DIGITS)
        if isinstance(span, Markup):
            placeholder = f",\ufddd{placeholder}\ufddd,"
        pieces += (source[position : span.start], placeholder)
        position = span.end
    pieces.append(source[position:])
    writer = _TextWriter(source, replaced)
    parser = _PARSERS[is_mdx or name is not PartName.QUESTION, indented_code and not is_mdx]
    writer.blocks(parser.parse(_without_lines_of_tags("".join(pieces), source, replaced)))
    writer.end()
    part = Part(name, "".join(writer.out), tuple(writer.segments), tuple(writer.marks))
    return Text(part, tuple(writer.targets), tuple(writer.tags), writer.title, writer.title_level, labels)


def _without_lines_of_tags(text: str, source: str, replaced: Sequence[SourceSpan | Markup]) -> str:
    """Empty the lines of a text that have only template tags, so that they do not belong to a paragraph.

    For example, the parser does not find the definition of a reference right after a paragraph.
    """

    def read(line: re.Match[str]) -> str:
        numbers = (int(found[1].translate(_VALUES)) for found in _PLACEHOLDER.finditer(line[0]))
        return "" if all(is_silent_tag(source, replaced[number]) for number in numbers) else line[0]

    return _LINE_OF_CONSTRUCTS.sub(read, text) if "\ufdd0" in text else text


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
        self._last = "\n"  # the last character that was written
        self._line = 0  # number of the current line, which is the same in the source and in the output
        self._segment_start = 0
        self._kind = SegmentKind.PROSE
        self._open_links: list[tuple[Target, int]] = []
        self._html_link: tuple[Target, int] | None = None  # the open HTML link, and the beginning of its text
        self._html_heading: tuple[int, int] | None = None  # level of the open HTML heading, and its beginning

    def blocks(self, tokens: Sequence[Token]) -> None:
        depth = 0
        marker = ""
        heading: int | None = None  # the beginning of the open heading in `self.out`
        cell = False
        items: list[SegmentKind] = []
        begins_item = False
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
                    begins_item = True
                case "list_item_close":
                    items.pop()
                case "heading_open":
                    heading = len(self.out)
                    self._html_heading = None
                case "heading_close":
                    self._end_heading(int(token.tag[1]), heading or 0)
                    heading = None
                case "th_open" | "td_open":
                    if cell:
                        self._write("\t")
                    cell = True
                case "tr_close":
                    cell = False
                case "inline":
                    is_heading = heading is not None or self._html_heading is not None
                    kind = SegmentKind.HEADING if is_heading else SegmentKind.CELL if cell else None
                    self._open(kind or (items[-1] if items else SegmentKind.PROSE))
                    first = len(self.out)
                    children = token.children or []
                    if begins_item and children and children[0].type == "text":
                        children[0].content = _TASK.sub("", children[0].content, count=1)
                    begins_item = False
                    self._inline(children)
                    self._end_html_link()
                    self._close()
                    if not is_heading and not _has_only_images(children):
                        self._begin("".join(self.out[first:]))
                case "fence" | "code_block":
                    if token.type == "fence" and token.content:
                        self._advance_to(self._line + 1)
                    self._open(SegmentKind.VERBATIM)
                    self._text(token.content.removesuffix("\n"))
                    self._close()
                    self._begin(token.content)
                case "html_block":
                    self._html(token.content.removesuffix("\n"))
                case _:
                    pass

    def end(self) -> None:
        """Write the line breaks that remain at the end of the source."""
        self._advance_to(self._source.count("\n"))

    def _end_heading(self, level: int, first: int) -> None:
        """End the heading whose text begins with `self.out[first]`."""
        title = "".join(self.out[first:]).strip() if self._is_beginning else ""
        if title:
            self.title, self.title_level = title, level
        self._begin(title)

    def _html(self, source: str) -> None:
        """Write the text of an HTML block."""
        is_open = False  # whether the text that follows is in the segment of the text before
        for piece in pieces(source):
            if isinstance(piece, str):
                if piece.strip() and not is_open:
                    if not piece[0].isspace() and not self._last.isspace():
                        self._write(" ")
                    self._open(SegmentKind.PROSE if self._html_heading is None else SegmentKind.HEADING)
                    is_open = True
                self._text(piece)
                if self._html_heading is None:
                    self._begin(piece)
                continue
            if piece.is_block and is_open:
                self._close()
                is_open = False
            self._tag(piece)
            if piece.name[:1] == "h" and piece.name[1:].isdigit():
                if piece.is_end and self._html_heading:
                    level, first = self._html_heading
                    self._html_heading = None
                    self._end_heading(level, first)
                elif not piece.is_end:
                    self._html_heading = int(piece.name[1]), len(self.out)
        self._end_html_link()
        if is_open:
            self._close()

    def _tag(self, tag: Tag) -> None:
        """Read a tag: begin or end a link, or write the tag as text if it is not an HTML tag."""
        if tag.is_shown:
            self._text(tag.source)
            return
        if tag.href is not None or (tag.name == "a" and tag.is_end):
            self._end_html_link()
        if tag.href is not None:
            self._html_link = self._target(tag.href), len(self.out)
        self._write(_line_breaks(tag.source))

    def _end_html_link(self) -> None:
        if self._html_link is not None:
            target, start = self._html_link
            self._html_link = None
            self.targets.append(replace(target, title=self._written(start) or None))

    def _written(self, start: int) -> str:
        """Return the text written from `self.out[start]` on, as one line."""
        return " ".join("".join(self.out[start:]).split())

    def _begin(self, written: str) -> None:
        """If `written` is not blank, record that the text has begun, so that a later heading is not its title."""
        if written.strip():
            self._is_beginning = False

    def _advance_to(self, line: int) -> None:
        if line > self._line:
            self._write("\n" * (line - self._line))

    def _inline(self, children: Sequence[Token]) -> None:
        bold: list[int] = []
        is_title = False
        for token in children:
            match token.type:
                case "text":
                    if _BLOCK_START.search(token.content):
                        self._close()
                        self._open(self._kind)
                    is_title = is_title or TITLE in token.content
                    self._text(one_line(token.content))
                case "softbreak" | "hardbreak" if is_title:
                    self._close()
                    self._text("\n")
                    self._open(self._kind)
                    is_title = False
                case "softbreak" | "hardbreak":
                    self._text("\n")
                case "link_open":
                    self._open_links.append((self._target(str(token.attrs["href"])), len(self.out)))
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
                    self._image(token)
                case "html_inline":
                    tag = read_tag(token.content)
                    self._tag(tag)
                    if tag.name == "br" and "\n" not in tag.source:
                        self._write(" ")
                case _:
                    pass

    def _text(self, text: str, *, is_code: bool = False) -> None:
        """Write parsed text, and replace each placeholder by the construct that it stands for."""
        if "\ufdd0" not in text:  # as in most texts; to split them takes longer
            self._write(text)
            return
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
        start = self._length
        for index, text in enumerate(markup.shown.split(TITLE)):
            if index:
                self._close()
                self._open(self._kind)
            self._write(text)
        if markup.is_code:
            self.marks.append(Mark(start, self._length, MarkKind.CODE))

    def _image(self, image: Token) -> None:
        """Write the alt text of an image, if it is a text and not the name of a file."""
        children = image.children or []
        if children and children[-1].type == "text":
            children[-1].content = without_size(children[-1].content)
        if not is_file_name(image.content, str(image.attrs["src"])):
            self._inline(children)

    def _target(self, address: str) -> Target:
        """Return the target of a link that has an address, in which placeholders stand for constructs."""
        kind, written = LinkKind.PATH, ""
        for index, piece in enumerate(_PLACEHOLDER.split(address)):
            span = self._replaced[int(piece.translate(_VALUES))] if index % 2 else None
            if isinstance(span, Markup) and span.target:
                kind, written = span.target.kind, written + span.target.address
            elif span:
                source = self._source[span.start : span.end]
                written += source if isinstance(span, Markup) else _ESCAPED_BRACKET.sub(r"\1", source)
            else:
                written += piece
        return Target(written, kind, None, self._line)

    def _end_link(self) -> None:
        target, start = self._open_links.pop()
        title = self._written(start)
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
        if TITLE in text or BEGINNING in text:
            text = _SIGNS.sub("", text)
        self.out.append(text)
        self._length += len(text)
        self._last = text[-1:] or self._last
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


def _line_breaks(source: str) -> str:
    return "\n" * source.count("\n")
