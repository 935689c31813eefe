"""Read MDX: Markdown with imports and exports of JavaScript, components (JSX tags) and expressions in braces.

JavaScript is not published, and it is not evaluated. The text between a tag and its closing tag is published, and so
are the visible attributes of cards, tabs and notes.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

from kg.base.model import LinkKind
from kg.read.mathematics import SpanKind, spans
from kg.read.syntax.admonitions import TITLE
from kg.read.syntax.extension import Extension, Markup, Piece, Target, line_breaks, omission

_MODULE = re.compile(
    r"""
    ^(?: import (?= [ \t]* (?: type [ \t]+ )? (?: ['"{*] | [\w$]+ [ \t]* , | [\w$]+ \s+ from \s* ['"] ) )
       | export (?= [ \t]+ (?: const|let|var|function|async|class|default|type|interface|enum ) \b | [ \t]* [{*] ) )
    """,
    re.MULTILINE | re.VERBOSE,
)
_NO_PARAGRAPH = re.compile(r"[ \t]*(?:$|#|```|~~~|<|\{|\}|-->|---[ \t]*$)")
"""Matches a line after which JavaScript can begin: an empty line, or one that is not part of a paragraph."""
_WORD = re.compile(r"\w+")
_COMPONENT = re.compile(r"<([A-Z]\w*)")
_BLANK_LINE = re.compile(r"\n[ \t]*(?:\n|$)")
_TOKEN = re.compile(
    r"""
    (?<!\w)'(?:\\.|[^'\\\n])*'? | "(?:\\.|[^"\\\n])*"? | `(?:\\.|[^`\\])*`?
    | /\*(?:[^*]|\*(?!/))*(?:\*/)? | (?<!:)//[^\n]*
    | (?P<opening>[{(\[]) | (?P<closing>[})\]])
    """,
    re.VERBOSE | re.DOTALL,
)
"""Matches brackets, and the strings and comments of JavaScript, in which brackets do not count."""

_NAME = re.compile(r"</?(?P<name>[A-Za-z_$][\w$]*(?:[.:-][\w$-]+)*|(?=/?>))")
_ATTRIBUTE = re.compile(
    r"""
    (?P<space> (?: \s | /\*(?:[^*<]|\*(?!/))*\*/ )* )
    (?: (?P<end>/?>) | (?P<spread>\{)
      | (?P<name>[A-Za-z_$@:\#][\w$.:@-]*)
        (?: \s*=\s* (?: "(?P<double>[^"]*)" | '(?P<single>[^']*)' | (?P<value>\{) ) )? )
    """,
    re.VERBOSE,
)
_LITERAL = re.compile(
    r"""\{\s*(?:useBaseUrl\(\s*)?(?:"((?:\\.|[^"\\\n])*)"|'((?:\\.|[^'\\\n])*)'|`([^`$\\]*)`)\s*(?:\)\s*)?\}"""
)
_LINKING = re.compile(r"link|button|card|redirect", re.IGNORECASE)
"""Matches the names of components whose attributes `to` and `link` are addresses; others only if they have a slash."""
_NO_LINKS: Final = frozenset({"link", "base", "script", "meta", "image", "use"})
"""Tags whose addresses are not addresses of pages."""
_SEEN: Final = frozenset({"title", "label", "description"})
"""Attributes of the components below that are shown on the page."""
_SHOWING = re.compile(
    r"(?:^|\.|[a-z])(?:Card|Tab|TabItem|Aside|Admonition|Callout|Accordion|AccordionItem|AccordionTab|Expandable|Details"
    r"|Step|Note|Tip|Warning|Caution|Danger|Info)$"
)
_INLINE: Final = frozenset(
    "a abbr b bdi bdo cite code data del dfn em font i ins kbd mark q s samp small span strike strong sub sup time tt "
    "u var wbr".split()
)
_LETTER = re.compile(r"\w")
_COMMENT = re.compile(r"\{\s*(?:/\*|\})")


def imports_components(source: str) -> bool:
    """Return whether a text begins with imports and has a tag of a component that they import.

    Such a text is MDX, whatever the suffix of its file.
    """
    text = source.lstrip()
    if _MODULE.match(text) is None:
        return False
    imports = _BLANK_LINE.split(text, maxsplit=1)[0]
    return not set(_WORD.findall(imports)).isdisjoint(_COMPONENT.findall(text))


def without_modules(source: str) -> str:
    """Return `source` with empty lines in place of its imports and exports, each of which ends at an empty line."""
    if _MODULE.search(source) is None:
        return source
    code = [span for span in spans(source) if span.kind is SpanKind.CODE]
    starts = [span.start for span in code]
    braces = _braces(source)
    pieces: list[str] = []
    position = 0
    for found in _MODULE.finditer(source):
        start = found.start()
        around = bisect_right(starts, start) - 1
        if start < position or (around >= 0 and start < code[around].end) or not _can_begin(source, start, position):
            continue
        end = braces.end_of_module(start)
        pieces += (source[position:start], line_breaks(source[start:end]))
        position = end
    return "".join([*pieces, source[position:]])


def _can_begin(source: str, start: int, position: int) -> bool:
    """Return whether a block can begin at `start`. The result is false inside a paragraph.

    `position` is the end of the last import or export.
    """
    if start == position:
        return True
    line = source.rfind("\n", 0, start - 1) + 1
    return _NO_PARAGRAPH.match(source[line : start - 1]) is not None


class _Braces:
    """Finds the closing braces of JavaScript in one source.

    A brace that is not closed is an ordinary character. Results are kept, so that the total time of all searches is
    linear in the length of the source.
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self._closing: dict[int, int] = {}
        self._blank_lines = [found.start() for found in _BLANK_LINE.finditer(source)]
        self._searched = 0  # braces before this position are closed within their range, or not at all
        self._is_open = False  # whether a search up to the end of the source has failed

    def end(self, start: int, *, is_block: bool) -> int | None:
        """Return the position after the brace that closes the brace at `start`, or None if it is not closed.

        Args:
            start: position of the opening brace.
            is_block: whether empty lines may be between the braces.
        """
        if start < self._searched or start in self._closing:
            return self._closing.get(start)
        if is_block and not self._is_open:
            if end := self._search(start, len(self._source)):
                return end
            self._is_open = True
            self._searched = start
        return self._search(start, self._paragraph_end(start))

    def end_of_module(self, start: int) -> int:
        """Return the end of the imports and exports that begin at `start`.

        It is the first empty line outside all brackets, or, if a bracket is never closed, the first empty line.
        """
        first = end = self._paragraph_end(start)
        position, depth = start, 0
        while not self._is_open and (
            token := _TOKEN.search(self._source, position, len(self._source) if depth else end)
        ):
            token = _TOKEN.match(self._source, token.start()) or token  # a string may go on after an empty line
            depth = max(depth + bool(token["opening"]) - bool(token["closing"]), 0)
            position = token.end()
            end = max(end, self._paragraph_end(position))
        self._is_open |= depth > 0
        return first if depth else end

    def _search(self, start: int, stop: int) -> int | None:
        opened: list[int] = []
        for token in _TOKEN.finditer(self._source, start, stop):
            if token[0] == "{":
                opened.append(token.start())
            elif token[0] == "}" and opened:
                self._closing[opened.pop()] = token.end()
                if not opened:
                    return token.end()
        self._searched = max(self._searched, stop)
        return None

    def _paragraph_end(self, start: int) -> int:
        following = bisect_left(self._blank_lines, start)
        return self._blank_lines[following] if following < len(self._blank_lines) else len(self._source)


@lru_cache(maxsize=2)
def _braces(source: str) -> _Braces:
    """Return the braces of a source. All calls for the same source share one object."""
    return _Braces(source)


def _read_tag(match: re.Match[str]) -> Iterator[Piece]:
    """Yield the markup of a JSX tag that begins at a `<`; nothing if no tag begins there."""
    source, start = match.string, match.start()
    name = _NAME.match(source, start)
    if name is None:
        return
    position = name.end()
    values: dict[str, tuple[str, int]] = {}  # the value of each attribute, and the position where it is written
    while True:
        found = _ATTRIBUTE.match(source, position)
        if found is None or (found["name"] and not found["space"]):
            return
        position = found.end()
        if found["end"]:
            break
        if found["spread"] or found["value"]:
            at = position - 1
            end = _braces(source).end(at, is_block=True)
            if end is None:
                return
            literal = _LITERAL.fullmatch(source, at, end)
            text = next((part for part in literal.groups() if part is not None), "") if literal else ""
            position = end
        else:
            at = position
            text = html.unescape(found["double"] or found["single"] or "")
        if found["name"] and text.strip():
            values.setdefault(found["name"], (text.strip(), at))
    tag = name["name"]
    shown = _shown(source, start, position, tag, values)
    yield Markup(start, position, shown, _target(tag, {key: text for key, (text, _) in values.items()}))


def _target(tag: str, values: Mapping[str, str]) -> Target | None:
    """Return the target of a tag with these attributes, or None if the tag is not a link."""
    address = values.get("href")
    if address is None:
        address = values.get("to") or values.get("link") or ""
        if not _LINKING.search(tag) and "/" not in address:
            return None
    if not address or tag in _NO_LINKS:
        return None
    return Target(address, LinkKind.PATH, values.get("title") or values.get("label"))


def _shown(source: str, start: int, end: int, tag: str, values: dict[str, tuple[str, int]]) -> str:
    """Return the replacement of a tag: its line breaks and its visible attributes.

    A space separates words that only the tag separated, as in `<li>a</li><li>b</li>`.
    """
    seen = sorted((at, text) for key, (text, at) in values.items() if key in _SEEN) if _SHOWING.search(tag) else []
    if seen:
        pieces: list[str] = []
        position = start
        for at, text in seen:
            pieces += (line_breaks(source[position:at]), TITLE, " ".join(text.split()), TITLE)
            position = at
        return "".join([*pieces, line_breaks(source[position:end])])
    if breaks := line_breaks(source[start:end]):
        return breaks
    before, after = source[start - 1 : start], source[end : end + 1]
    is_between_words = before.strip(" \t\n>") and (after == "<" or _LETTER.match(after))
    return " " if tag and tag not in _INLINE and is_between_words else ""


def _read_expression(match: re.Match[str]) -> Iterator[Piece]:
    """Yield the markup of an expression in braces; nothing if the brace is not closed.

    An expression that is only a string, as in `{" "}`, is published as this string. The value of any other expression
    is unknown. A comment is hidden.
    """
    source, start = match.string, match.start()
    begins_line = not source[source.rfind("\n", 0, start) + 1 : start].strip(" \t>")
    end = _braces(source).end(start, is_block=begins_line)
    if end is None:
        return
    literal = _LITERAL.fullmatch(source, start, end)
    text = next((part for part in literal.groups() if part is not None), "") if literal else ""
    if not literal and not _COMMENT.match(source, start):
        text = omission(source, start)
    if not text and source[end : end + 1] in {"\n", ""}:
        while start and source[start - 1] in " \t":
            start -= 1
    yield Markup(start, end, text.replace("\n", " ") + line_breaks(source[match.start() : end]))


TAG: Final = Extension("jsx_tag", "<", r"(?<!\\)<(?=/?[A-Za-z_$>])", _read_tag)
"""Tags of components and of HTML, which are not published."""

EXTENSIONS: Final = (
    TAG,
    Extension("expression", "{", r"(?<!\\)\{", _read_expression),
)
"""The constructs of MDX inside a text."""
