"""Read attribute lists: `{#id .class key="value"}` of Pandoc and others, and `{: .class}` of kramdown.

They are read only in the places where these tools allow them: alone in a line, right after a link or other markup, and
at the end of a line. So braces in code, in mathematics and in messages of programs are kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from kg.read.syntax.extension import Extension, Markup, Piece

_ID_OR_CLASS: Final = r"""(?:#(?!\d+[ \t}])[^\s{}"'`=]+|\.-?[^\W\d][\w:.-]*)"""
_PAIR: Final = r"""[\w:@-]+=(?:"[^"\n]*"|'[^'\n]*'|[^\s"'{}=]+)"""
_MORE: Final = rf"(?:[ \t]+(?:{_ID_OR_CLASS}|{_PAIR}|[\w-]+))*[ \t]*\}}"
CLASS_LIST: Final = rf"\{{[ \t]*{_ID_OR_CLASS}{_MORE}"
_KRAMDOWN: Final = rf"\{{:[ \t]*(?:{_ID_OR_CLASS}|{_PAIR}){_MORE}"
_PAIRS: Final = rf"\{{[ \t]*{_PAIR}{_MORE}"
_DATA: Final = rf"\{{:?[ \t]*data-[\w-]+{_MORE}"
"""A list that begins with an attribute without a value, such as `{ data-search-exclude }`."""
_OF_HEADING: Final = r"\{-\}|\{/\*[ \t]*#[\w-]+[ \t]*\*/\}"
BLOCK_ATTRIBUTES: Final = rf"\{{:[^{{}}\n]*\}}|{CLASS_LIST}|{_PAIRS}"
"""A list that is alone in a line. In kramdown, it may refer to a list that is defined elsewhere: `{:toc}`."""

_BEGINS_WITH_PAIR = re.compile(r"\{[ \t]*[\w@-]")
_LINE_END = re.compile(r"[ \t]*(?:#+[ \t]*)?$", re.MULTILINE)
_HEADING = re.compile(r"[ \t>]*#{1,6}[ \t]")
_AFTER_MARKUP: Final = frozenset(")]`*_>:~=+")
_AFTER_LINK: Final = frozenset(")]`:")
_ICON = re.compile(r":[a-z0-9_+-]+:$")
_MAX_ICON: Final = 60
_MAX_LINK: Final = 500
"""A list without an id or a class is read after a link only if the link's address has at most so many characters."""


def _read(match: re.Match[str]) -> Iterator[Piece]:
    """Hide a list of attributes, and the space before it at the end of a line."""
    source, start, end = match.string, match.start(), match.end()
    before = source[start - 1 : start]
    is_at_end = _LINE_END.match(source, end) is not None
    is_in_heading = is_at_end and _HEADING.match(source, source.rfind("\n", 0, start) + 1) is not None
    if match[0].startswith(("{-", "{/")):
        is_list = is_in_heading
    elif _BEGINS_WITH_PAIR.match(match[0]):
        is_list = is_in_heading or (before in _AFTER_LINK and _follows_link(source, start))
    else:
        is_list = is_in_heading or before in _AFTER_MARKUP or (is_at_end and before in " \t")
    if not is_list:
        return
    if is_at_end:
        start = _before(source, start, " \t")
        closing = _before(source, start, "#") if is_in_heading else start
        start = _before(source, closing, " \t") if source[closing - 1 : closing].isspace() else start
    yield Markup(start, end)


def _before(source: str, end: int, signs: str) -> int:
    """Return the end of the text before `end`, without the `signs` at its end."""
    while end and source[end - 1] in signs:
        end -= 1
    return end


def _follows_link(source: str, start: int) -> bool:
    """Whether a list follows markup.

    A bracket or colon before it must end a link or an icon; any other sign is markup.
    """
    first = max(source.rfind("\n", 0, start), start - _MAX_LINK, 0)
    match source[start - 1]:
        case ")":
            return source.find("](", first, start) >= 0
        case ":":
            return _ICON.search(source, max(first, start - _MAX_ICON), start) is not None
        case _:
            return True


ATTRIBUTES: Final = Extension(
    "attributes", "{", rf"(?<!\\)(?:{_KRAMDOWN}|{CLASS_LIST}|{_PAIRS}|{_DATA}|{_OF_HEADING})", _read
)
