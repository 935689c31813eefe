"""Read HTML: its tags, and the text between them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_QUOTED: Final = r"""(?:"[^"\n]{0,400}"|'[^'\n]{0,400}')"""
_TAG = re.compile(
    rf"""<!--(?:(?!<!--).)*?-->
    | <[A-Za-z][\w.:-]* (?:\s+[\w@:\#.-]+ (?:=(?:{_QUOTED}|[^\s"'<>=]+))?)* \s*/?>
    | <[^<>]*>""",
    re.DOTALL | re.VERBOSE,
)
_NAME = re.compile(r"</?([A-Za-z][A-Za-z0-9]*)(?![\w.-])")
_COMPONENT = re.compile(rf"</?[A-Za-z][\w.:-]*(?:\s[^<>]*?=\s*{_QUOTED}|\s+/>$)|</[A-Za-z]")
"""Finds tags that are certainly tags, even if the element is unknown: they have attributes, or they are end tags."""
_BREAKS_AND_SPACES = re.compile(r"[\n\r\f\xa0]")
_HREF = re.compile(r"""\shref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+))""", re.IGNORECASE)
_BLOCKS: Final = frozenset(
    "article aside blockquote br caption center dd details div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header"
    " hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul".split()
)
"""Elements that are shown in a line or cell of their own. They separate the words before and after them."""
_INLINE: Final = frozenset(
    "a abbr audio b big button cite code col colgroup del dfn em font i iframe img ins kbd label mark nobr picture q s"
    " samp script small source span strike strong style sub sup svg tt u var video wbr".split()
)
_FORMS: Final = frozenset(
    "address dialog fieldset form hgroup input label legend meta noscript object optgroup option select template"
    " textarea time title".split()
)
"""Elements whose names are also used as placeholders, as in `git clone <object>`."""
_HIDDEN: Final = frozenset({"script", "style"})
"""Elements whose text is not shown on the page."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag, or a comment.

    Attributes:
        source: the tag as written.
        name: the name of the element in lower case. It is empty for a comment, and for text that only looks like a tag,
            such as `<int>`.
        is_end: whether it is an end tag.
        is_shown: whether it is not an HTML tag, and is published as it is.
        is_block: whether the tag separates the words before and after it.
        href: the address in an `a` tag.
    """

    source: str
    name: str
    is_end: bool
    is_shown: bool
    is_block: bool
    href: str | None


def read_tag(source: str, *, is_in_html: bool = False) -> Tag:
    """Read one tag or comment. In an HTML block (`is_in_html`), more elements are tags of HTML."""
    named = _NAME.match(source)
    name = named[1].lower() if named else ""
    is_known = name in _BLOCKS or name in _INLINE or (name in _FORMS and is_in_html) or _COMPONENT.match(source)
    is_end = source.startswith("</")
    href = _HREF.search(source) if name == "a" and not is_end else None
    address = None if href is None else html.unescape(next(part for part in href.groups() if part is not None)).strip()
    is_shown = not is_known and not source.startswith(("<!", "<?"))
    return Tag(source, name if is_known else "", is_end, is_shown, name in _BLOCKS, address)


def pieces(source: str) -> Iterator[str | Tag]:
    """Yield the texts and the tags of an HTML block, in order. Scripts and styles are reduced to their line breaks."""
    position = 0
    hidden = ""
    for found in _TAG.finditer(source):
        yield _text(source[position : found.start()], hidden)
        position = found.end()
        tag = read_tag(found[0], is_in_html=True)
        if not hidden:
            yield tag
            hidden = tag.name if tag.name in _HIDDEN and not tag.is_end and not tag.source.endswith("/>") else ""
        elif tag.is_end and tag.name == hidden:
            hidden = ""
            yield tag
        else:
            yield _text(found[0], hidden)
    yield _text(source[position:], hidden)


def _text(text: str, hidden: str) -> str:
    if hidden:
        return "\n" * text.count("\n")
    return "\n".join(one_line(html.unescape(line)) for line in text.split("\n"))


def one_line(text: str) -> str:
    """Return `text` with spaces in place of line breaks and no-break spaces, which come from entities."""
    return _BREAKS_AND_SPACES.sub(" ", text)
