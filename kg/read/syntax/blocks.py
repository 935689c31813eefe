"""Convert the blocks that tools add to Markdown, line by line, into ordinary Markdown blocks.

These blocks are callouts, admonitions and tabs (see `kg.read.syntax.admonitions`), directives (see
`kg.read.syntax.directives`), and the definitions of terms, footnotes and abbreviations. Lines that a reader of the page
does not see, such as `[TOC]` and `{: .class}`, become empty.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from kg.read.mathematics import SpanKind, spans
from kg.read.syntax.admonitions import TITLE, admonition_title, titled, without_callout_type
from kg.read.syntax.attributes import BLOCK_ATTRIBUTES
from kg.read.syntax.directives import Directive, ends_fence, option_text, read_directive

BEGINNING: Final = "\ufddc"
"""Character that marks a text that begins a block; it is followed by a space.

The parser does not know that a block begins there. The space is there for the reason given for `TITLE`.
"""

_PREFIX: Final = r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*"
_MARKS = re.compile(_PREFIX)
_ITEM = re.compile(r"[ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]+")
_CODE_FENCE = re.compile(rf"{_PREFIX}(`{{3,}}|~{{3,}})")
_FOOTNOTE = re.compile(r"(?P<before>[ \t>]*)(?P<mark>\[\^[^\]\s]+\]:)[ \t]*(?P<text>.*)$")
_DEFINITION = re.compile(r" {0,3}:[ \t]+(?P<text>\S.*)$")
_BLOCK_MARK = re.compile(r"(?:[-*+]|\d{1,9}[.)])[ \t]|[>#|]|```|~~~")
_NO_TERM = re.compile(r"[ \t]*(?:`{3}|~{3})")
_HIDDEN_LINES: Final = (
    BLOCK_ATTRIBUTES,
    r"\{::?/?[a-z]*(?:[ \t][^{}\n]*)?/?\}",  # {::options x="y" /}, {:/}
    r"\*\[[^\]\n]+\]:.*",  # *[HTML]: an abbreviation
    r"\[//[^\]\n]*\]:.*|\[_?comment[^\]\n]*\]:[ \t]*(?:#|<>)(?:[ \t].*)?",  # [//]: # (a comment)
    r"@?\[\[?_?(?:TOC|toc|Toc)_?\]\]?|\$\{toc\}|\{\{TOC\}\}",
    r"\\(?:(?:new|clear|cleardouble)page|pagebreak|toc|tableofcontents|listof\w+|maketitle|appendix"
    r"|(?:front|main|back)matter)(?:[\[{][^\[\]{}\n]*[\]}])?",
    r"\((?P<label>[^()\n]+)\)=",  # (the-target)= of MyST
    r"\+\+\+",  # the end of a block in MyST
    r":(?:orphan|nosearch|nocomments|tocdepth):(?:[ \t]+\d+)?",  # metadata of a page of Sphinx
    r"--8<--.*|\{\*.*\*\}|\{!.*!\}|<<<[ ]?[@./~].*|@\[code[^\]\n]*\]\(.*\)",  # an included file
)
_HIDDEN = re.compile(rf"[ \t>]*(?:{'|'.join(_HIDDEN_LINES)})[ \t]*$")
_LABEL_OPTION = re.compile(r"^[ \t]*:(?:name|label):[ \t]+(.*\S)")
_TABLE_OF_CONTENTS = re.compile(r"[ \t]*\{:[^{}\n]*\btoc\b")
_FIELD = re.compile(r"[a-z][\w.-]*:(?:[ \t]|$)|[ \t]+\S|[#-][ \t]")
_VERBATIM_FENCE: Final = "~~~~~~~~"
_FIRST: Final = frozenset("!?=:/`~{*[@$\\(+-<")
"""The characters with which the blocks begin."""
_SIGNS: Final = (
    r"!!!|\?\?\?|===[+!]?[ \t]|\[!|:::|::\w|:(?:orphan|no|tocdepth)|///|(?:`{3,}|~{3,})[ \t]*\{|\[\^|:[ \t]",
    r"\{|\*\[|@?\[\[?_?[Tt][Oo][Cc]|\[(?://|_?comment)|\$\{toc|\\[a-z]|\([^()\n]+\)=|\+\+\+|---$|--8<|<<<|@\[code",
)
_SIGN = re.compile(rf"^{_PREFIX}(?:{'|'.join(_SIGNS)})", re.MULTILINE)
"""Quick test: if this pattern matches nothing in a text, the text has none of these blocks."""


def unwrapped(source: str) -> tuple[str, tuple[str, ...]]:
    """Return `source` as ordinary Markdown, and its labels.

    Marks of blocks are removed, and indented blocks are moved to the margin.

    `TITLE` is put before titles, and `BEGINNING` where a block begins that the parser would not find. The marks of
    footnotes are kept. Line n of the result is line n of `source`.

    The labels are names of places in the text: in MyST, `(label)=` or the option `:name:` of a directive defines a
    label.
    """
    if not _SIGN.search(source):
        return source, ()
    reader = _Reader(source)
    return "\n".join(reader.read()), tuple(reader.labels)


@dataclass(frozen=True, slots=True)
class _Indented:
    """A block whose text is indented.

    Attributes:
        margin: the column in which the block begins.
        width: the minimum number of columns by which the text is indented.
        is_lazy: whether the lines after the first line of a paragraph need not be indented.
    """

    margin: int
    width: int
    is_lazy: bool = False


class _Reader:
    """Reads the lines of one text in order."""

    def __init__(self, source: str) -> None:
        self.labels: list[str] = []
        self._lines = source.split("\n")
        self._has_slashes = re.search(r"^[ \t]*/{3,}[ \t]*$", source, re.MULTILINE) is not None
        self._has_closing = "{:/" in source
        self._last_comment_end = source.count("\n", 0, source.rfind("-->")) if "-->" in source else -1
        self._is_in_comment = False
        self._inside: list[_Indented] = []
        self._columns = 0  # sum of the widths of the blocks in `_inside`
        self._fence: tuple[int, str, bool] | None = None  # number of outer blocks, marks, whether of a directive
        self._directives: list[str] = []  # the fences of the open directives that are written as fences
        self._options: re.Pattern[str] | None = None
        self._item = 0  # column in which the text of the last list item begins
        self._is_after_blank = True
        self._hidden_before = 0  # lines before this one are hidden

    def read(self) -> list[str]:
        """Return all lines, converted for a Markdown parser. Lines of mathematics keep their text."""
        mathematics = _lines_of_mathematics("\n".join(self._lines))
        for number, line in enumerate(self._lines):
            if number in mathematics:
                self._lines[number] = _dedent(line, min(self._columns, _margin(line)))
                continue
            if number < self._hidden_before:
                line = ""
            read = self._read(number, line) if line.strip() else line
            self._lines[number] = read
            self._is_after_blank = not read.strip()
            if not line.strip():
                self._options = None
        return self._lines

    def _read(self, number: int, line: str) -> str:
        margin = _margin(line)
        while self._inside and margin < self._inside[-1].margin + self._inside[-1].width:
            if self._inside[-1].is_lazy and not self._is_after_blank and line.lstrip()[0].isalpha():
                break
            self._columns -= self._inside.pop().width
            self._item = 0
        if self._fence and len(self._inside) < self._fence[0]:
            self._fence = None
        line = _dedent(line, self._columns)
        if self._options and self._options.match(line):
            self.labels += _LABEL_OPTION.findall(line)
            return "" if self._fence else titled(option_text(line))
        self._options = None
        if self._fence:
            return self._code(line, self._fence)
        marks = _MARKS.match(line)
        before = marks[0] if marks else ""
        rest = line[len(before) :]
        if self._is_in_comment or (rest.startswith("<!--") and number <= self._last_comment_end):
            self._is_in_comment = "-->" not in line
            return line
        self._note_item(line, before)
        if not rest or rest[0] not in _FIRST:
            return line
        if self._directives and ends_fence(rest, self._directives[-1]):
            self._directives.pop()
            return before
        is_text = _margin(line) < self._item + 4 or ">" in before  # else it is indented code
        if is_text:
            directive = read_directive(rest, has_slashes=self._has_slashes)
            if directive is not None:
                return self._directive(number, margin, before, directive)
            if hidden := _HIDDEN.match(line):
                self.labels += filter(None, [hidden["label"]])
                return self._hidden(number, line)
            if line.rstrip() == "---" and self._is_after_blank and number and (end := self._end_of_fields(number)):
                self._hidden_before = end
                return ""
        if opening := _CODE_FENCE.match(line):
            self._fence = len(self._inside), opening[1], False
            return line
        if (title := admonition_title(line)) is not None and self._has_text_inside(number, margin):
            self._open(_Indented(margin, 4))
            return line[: len(line) - len(line.lstrip())] + titled(title) if title else ""
        if is_text and (footnote := _FOOTNOTE.match(line)):
            self._open(_Indented(margin if margin >= 4 else 0, 4, is_lazy=True))
            return f"{footnote['before']}{footnote['mark']}{BEGINNING} {footnote['text']}"
        if (definition := _DEFINITION.match(line)) and self._has_term(number):
            self._open(_Indented(margin, 4, is_lazy=True))
            read = self._read(number, " " * (margin + 4) + definition["text"])
            begins_block = self._is_after_blank or not read or read[0] == TITLE or _BLOCK_MARK.match(read)
            return read if begins_block else f"{BEGINNING} {read}"
        return without_callout_type(line)

    def _code(self, line: str, fence: tuple[int, str, bool]) -> str:
        """Return a line of code, which may be the closing fence."""
        _, marks, is_directive = fence
        bare = line.strip(" \t>")
        if bare.startswith(marks) and not bare.strip(marks[0]):
            self._fence = None
            return line[: line.index(marks)] + _VERBATIM_FENCE if is_directive else line
        return line

    def _directive(self, number: int, margin: int, before: str, directive: Directive) -> str:
        self._options = directive.options
        if directive.options and self._next(number).strip() == "---":
            self._hidden_before = self._end_of_fields(number + 1) or 0
        if directive.is_verbatim:
            self._fence = len(self._inside), directive.fence, True
            return before + _VERBATIM_FENCE
        if directive.fence.startswith(("`", "~")):
            self._directives.append(directive.fence)
        elif directive.is_column and (width := self._next_margin(number) - margin) > 0:
            self._open(_Indented(margin, width))
        return before + titled(directive.title)

    def _hidden(self, number: int, line: str) -> str:
        """Return an empty line, and skip the following lines that belong to the hidden `line`."""
        if _TABLE_OF_CONTENTS.match(line) and number and _ITEM.match(self._lines[number - 1]):
            self._lines[number - 1] = ""
        elif line.strip() == "{::comment}" and self._has_closing:
            following = range(number + 1, len(self._lines))
            end = next((at for at in following if self._lines[at].lstrip().startswith("{:/")), None)
            self._hidden_before = number if end is None else end
            self._has_closing = end is not None
        return ""

    def _note_item(self, line: str, before: str) -> None:
        """Store the column in which the text of list items begins.

        The column distinguishes indented code from text. `before` is the part of `line` before its text: spaces, and
        marks of list items and quotes.
        """
        if before.strip(" \t>"):
            self._item = len(before.expandtabs(4))
        elif self._is_after_blank:
            self._item = min(self._item, _margin(line))

    def _has_term(self, number: int) -> bool:
        """Whether the last line before `number`, apart from one blank line, can be a term that is defined."""
        above = next((line for line in self._lines[max(number - 2, 0) : number][::-1] if line.strip()), "")
        return above.strip() != "" and not _NO_TERM.match(above)

    def _open(self, block: _Indented) -> None:
        self._inside.append(block)
        self._columns += block.width
        self._item = 0

    def _end_of_fields(self, number: int) -> int | None:
        """Return the number of the line after the fields that begin with the line `---` at `number`.

        The result is None if there are no fields.
        """
        for at in range(number + 1, len(self._lines)):
            line = self._lines[at]
            if line.strip() == "---":
                return at + 1 if at > number + 1 else None
            if not _FIELD.match(line) or (at == number + 1 and not line[0].isalpha()):
                return None
        return None

    def _next(self, number: int) -> str:
        return self._lines[number + 1] if number + 1 < len(self._lines) else ""

    def _next_margin(self, number: int) -> int:
        return _margin(next((line for line in self._lines[number + 1 : number + 4] if line.strip()), ""))

    def _has_text_inside(self, number: int, margin: int) -> bool:
        return self._next_margin(number) >= margin + 4


def _lines_of_mathematics(source: str) -> frozenset[int]:
    """Return the numbers of the lines that begin inside displayed mathematics."""
    if "$$" not in source and "\\[" not in source:
        return frozenset()
    lines: list[int] = []
    position = line = 0
    for span in spans(source):
        line += source.count("\n", position, span.start)
        last = line + source.count("\n", span.start, span.end)
        if span.kind is SpanKind.DISPLAY:
            lines += range(line + 1, last + 1)
        position, line = span.end, last
    return frozenset(lines)


def _margin(line: str) -> int:
    if not line.startswith((" ", "\t")):
        return 0
    blank = line[: len(line) - len(line.lstrip(" \t"))]
    return len(blank.expandtabs(4))


def _dedent(line: str, columns: int) -> str:
    if not columns:
        return line
    rest = line.lstrip(" \t")
    return " " * (_margin(line) - columns) + rest
